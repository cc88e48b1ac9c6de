# Signing in, one's account, people and programs of the unidade.
lang-name = English

login-title = Sign in
login-sub = Use the e-mail and password of your account in this unit.
login-email = E-mail
login-senha = Password
login-submit = Sign in
error-login = E-mail or password do not match. Check both and try again.
error-login-wait = There were too many failed attempts. Wait 15 minutes and try again.

invalid-senha-short =
    { $min ->
        [one] Use at least { $min } character.
       *[other] Use at least { $min } characters.
    }
invalid-senha-long =
    { $max ->
        [one] Use at most { $max } character.
       *[other] Use at most { $max } characters.
    }
invalid-senha-weak = This password is easy to guess. Join a few words that only make sense to you.

usuario-nome = Name

conta-title = My account
conta-about = About you
conta-idioma = Language
conta-idioma-help = Also used for the e-mails you receive.
conta-idioma-browser = The browser's
conta-sessoes = Where you are signed in
conta-sessoes-sub = You do not recognise one of these devices? End its session.

sessao-current = This device
sessao-used = used
sessao-end = End
sessao-end-others = End all others
sessao-end-others-question = End all sessions except this device's? Whoever uses them will have to sign in again.

toast-saved = Changes saved.
toast-session-ended = Session ended.
toast-signed-out = You signed out. See you soon!

convite-title = Welcome
convite-sub = { $nome }, choose the password you will sign in with. Your profile is { $perfil }.
convite-senha = Password
convite-senha-help = At least 12 characters. A sentence that only you know is safer than symbols.
convite-senha2 = Repeat the password
convite-submit = Create my account
invalid-senha-differs = The two passwords differ. Type them again.
invalid-email-taken = There is already an account with this e-mail.
error-email-taken = There is already an account with this e-mail. Sign in with it or talk to whoever manages the unit.

convite-mail-subject = Invitation to the SRI of { $unidade }
convite-mail-heading = Hello, { $nome }
convite-mail-by = { $nome } invited you to the SRI of { $unidade }.
convite-mail-first = The SRI of { $unidade } is ready, and you are the first person to manage it.
convite-mail-what = Choose a password to create your account.
convite-mail-action = Create my account
convite-mail-note =
    { $n ->
        [one] This link works once, for { $n } day. If you did not expect this invitation, delete this message.
       *[other] This link works once, for { $n } days. If you did not expect this invitation, delete this message.
    }

entrada-title = Sign in once
entrada-sub = This link lets { $nome } ({ $email }) in without a password, one single time.
entrada-submit = Sign in
entrada-until = It works until
error-not-administrador = The account with this e-mail is deactivated or is no administrator's.

link-over-title = This link no longer works
link-over-why = It was used, replaced by a newer one, or has expired. If you still need it, ask whoever sent it for another.
link-over-login = Go to the sign-in page
