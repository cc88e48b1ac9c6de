# What happened, why and what to do next, by the error's code: `error-<code>`.
error-conflict = Somebody else changed this record while you were working on it. Open it again to see how it is now.
error-denied = You do not have permission to do this.
error-fault = Something went wrong on our side. Nothing you did was saved halfway.
error-invalid = Something is wrong with what was sent. Check the fields and try again.
error-network = The server does not answer. Check the connection and try again.
error-not-found = We could not find what you are looking for. It may have been deleted, or the address is incomplete.
error-session = Your session has ended. Sign in again to go on where you left off.
error-too-large = What was sent is larger than the limit.
error-too-many = Too many attempts in a short time. Wait a minute and try again.
error-unavailable = The system is busy or under maintenance. Try again in a moment.
error-unidade-unknown = This address belongs to no unidade. Check how it was typed.
