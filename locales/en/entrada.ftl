# The second factor, recovering the password, rules of signing in.

login-forgot = I forgot my password

passo-title = Confirm it is you
passo-ways = How to confirm
passo-way-totp = App
passo-way-email = E-mail
passo-way-chave = Passkey
passo-way-reserva = Recovery code
passo-totp-sub = Type the 6-digit code of your authenticator app.
passo-email-sub = We send a 6-digit code to your account's e-mail.
passo-email-send = Send code
passo-email-sent = Type the 6-digit code that we sent to your account's e-mail. It works for 10 minutes.
passo-email-again = Send another code
passo-email-stuck = The mail server is not taking messages now. We keep trying; if you have another way to confirm, use it.
passo-reserva-sub = Type one of the codes you kept when you turned the second step on. Each works once.
passo-reserva = Recovery code
passo-codigo = Code
passo-trust =
    { $n ->
        [one] Do not ask on this device for { $n } day
       *[other] Do not ask on this device for { $n } days
    }
passo-submit = Confirm
passo-give-up = Back to sign-in
passo-mail-subject = Your sign-in code for SRI at { $unidade }
passo-mail-what =
    { $n ->
        [one] Type this code to sign in. It works once, for { $n } minute, only on the device where you asked for it.
       *[other] Type this code to sign in. It works once, for { $n } minutes, only on the device where you asked for it.
    }
passo-mail-note = Nobody at the unit will ask for this code. If you are not signing in, somebody knows your password: change it.
invalid-codigo = This code does not match, was used or has expired.
toast-passo-over = The confirmation is over. Sign in again.
toast-passo-wait = Too many wrong codes. Wait 15 minutes and sign in again.
toast-codigo-sent = Code sent.
toast-codigo-enough = We have sent too many codes. Use the last one or wait an hour.

cadastrar-title = Protect your account
cadastrar-sub = Your profile asks for a second step when you sign in. Choose how you want to confirm it is you.
cadastrar-totp = An authenticator app on your phone (Google Authenticator, Microsoft Authenticator and others) shows a code that changes every 30 seconds. It works without internet.
cadastrar-totp-submit = Use an app
cadastrar-email = A code sent to your e-mail each time you sign in.
cadastrar-email-submit = Use e-mail
cadastrar-submit = Confirm code
cadastrar-other = Choose another way

fator-qr = QR code for the authenticator app
fator-how = Open the authenticator app on your phone and scan this code.
fator-text = Cannot scan it? Type this key into the app:
fator-setup = Turn the app on
fator-app = Authenticator app
fator-app-text = A code on your phone that changes every 30 seconds. It works without internet.
fator-email = Code by e-mail
fator-email-text = A code sent to your account's e-mail when you sign in, as long as you have neither an app nor a passkey.
fator-chave = Passkey
fator-on = On
fator-off = Off
fator-add = Turn on
fator-remove = Turn off
error-fator-desligado = The second step is turned off for your profile.
error-fator-exists = That is on already.
error-fator-last = Your profile asks for a second step, and this is your only one. Turn another on first.
error-fator-own = Your own second step is changed in My account, with the password.
error-prova-stale = To change this, sign out and in again.
toast-fator-nothing = There is nothing to confirm.

seguranca-title = Security
seguranca-sub = The second step when you sign in: besides the password, something only you have.
seguranca-open = Second step
seguranca-off = The second step is turned off for your profile. What you have turned on is still asked for.
seguranca-required = Your profile asks for a second step: at least one must stay on.

reserva-title = Recovery codes
reserva-sub = Keep these codes away from your phone. If you lose it, each lets you in once.
reserva-once = They will not be shown again.
reserva-copy = Copy all
reserva-onwards = I have kept them, go on
reserva-text = For the day your phone is not with you. Each works once.
reserva-left =
    { $n ->
        [0] None is left.
        [one] { $n } code is left.
       *[other] { $n } codes are left.
    }
reserva-renew = Make new codes

regra-title = Sign-in and security
regra-sub = The second step of each profile, and how many attempts lock an account.
regra-fator = Second step
regra-fator-sub = Whoever turned theirs on keeps confirming it, whatever the rule. Whoever must have one and has none chooses one at the next sign-in.
regra-desligado = Off
regra-oferecido = Offered
regra-exigido = Required
regra-trust = Remember the device
regra-trust-help = For how long a device that the person marked need not confirm again.
regra-trust-never = Never
regra-trust-n =
    { $n ->
        [one] For { $n } day
       *[other] For { $n } days
    }
regra-lock = Attempts
regra-attempts = Lock after
regra-attempts-n =
    { $n ->
        [one] { $n } attempt
       *[other] { $n } attempts
    }
regra-attempts-help = For 15 minutes nobody enters that account from a place that is not known. The person's own devices still do.

recuperacao-title = I forgot my password
recuperacao-sub = We send a link for you to choose another.
recuperacao-submit = Send link
recuperacao-asked = If there is an account with this e-mail, the link arrives shortly.
recuperacao-asked-hint = It works once, for 30 minutes. Nothing came? Look at the junk folder and at the address.
error-recuperacao-wait = Too many requests from this address. Wait an hour and try again.
recuperacao-mail-subject = Choose another password for SRI at { $unidade }
recuperacao-mail-what = Somebody asked to change your account's password. If it was you, choose another.
recuperacao-mail-action = Choose another password
recuperacao-mail-note =
    { $n ->
        [one] This link works once, for { $n } minute. If it was not you, delete this message: your password stays as it is.
       *[other] This link works once, for { $n } minutes. If it was not you, delete this message: your password stays as it is.
    }
recuperar-title = Choose another password
recuperar-sub = All your sessions end, on all devices.
recuperar-submit = Change the password and sign in

aviso-heading = Hello, { $nome }
aviso-where = { $at } · { $device } · { $ip }
aviso-note = Was it you? Then there is nothing to do. If not, change your password now and talk to whoever manages the unit.
aviso-aparelho-subject = Sign-in from a new device to SRI at { $unidade }
aviso-aparelho-what = Your account in SRI at { $unidade } was used on a device that we did not know.
aviso-email-subject = The e-mail of your account in SRI at { $unidade } was changed
aviso-email-what = The e-mail of your account in SRI at { $unidade } was changed by somebody who manages the unit. This address no longer signs in.
aviso-link-subject = A link to change your password in the SRI of { $unidade }
aviso-link-what = Whoever administers the unit made a link to change the password of your account in the SRI of { $unidade }. The link is not in this message.
aviso-senha-subject = Your password for SRI at { $unidade } was changed
aviso-senha-what = The password of your account in SRI at { $unidade } was changed, and the other sessions have ended.
aviso-fator-subject = Second step turned on for SRI at { $unidade }
aviso-fator-what = A second step was turned on for your account in SRI at { $unidade }.
aviso-retirado-subject = Second step turned off for SRI at { $unidade }
aviso-retirado-what = A second step was turned off for your account in SRI at { $unidade }.

sessoes-title = Where they are signed in
usuario-tab-sessoes = Sessions
sessoes-none = No open session.
sessoes-closed = Too many attempts locked this account for places that are not known until
sessoes-unlock = Unlock now
sessoes-end-all = End all
sessoes-end-all-question = End all sessions of { $nome }? They will have to sign in again on each device.
sessoes-no-fator = No second step is on.
sessoes-remove-fator = Remove the second step
sessoes-remove-fator-sub = For somebody who lost the phone and the recovery codes. Make sure by another way that it really is the person.
sessoes-remove-fator-question = Remove the second step of this account? Its sessions end, and whoever knows the password gets in with it alone.
sessao-since = opened
toast-unlocked = Account unlocked.
toast-fator-removed = Second step removed.

audit-acesso-codigo-recusado = Got the second step's code wrong
audit-acesso-desbloqueado = Unlocked an account
audit-acesso-fator-ligado = Turned a second step on
audit-acesso-fator-retirado = Turned a second step off
audit-acesso-recuperacao-pedida = Asked for a link to change the password
audit-acesso-regra-alterada = Changed the rules of signing in
audit-acesso-reserva-trocada = Made new recovery codes
audit-acesso-reserva-usada = Signed in with a recovery code
audit-usuario-senha-recuperada = Changed the password by the mailed link
permission-acesso-regra-gerir = Change the rules of signing in

login-chave = Use a passkey
passo-chave-sub = Confirm with the passkey that you keep on this or another device.
passo-chave-submit = Use a passkey
chaves-title = Passkeys
chaves-text = Your device's fingerprint, face or PIN instead of the password. It also serves as the second step.
chave-add = Create a passkey
chave-nome = Name
chave-nome-hint = For example, Phone
chave-change = Change
chave-remove = Remove
chave-script = Passkeys need JavaScript in this browser.
error-chave = The passkey did not match. Try again.
error-chave-most = You have as many passkeys as you may. Remove one you no longer use.
toast-chave-kept = Passkey created.
toast-chave-last = Your profile asks for a second step, and this is your only one.
toast-chave-nome = Give the passkey a name.
toast-chave-refused = The passkey did not match. Try again.
toast-chave-removed = Passkey removed.
toast-prova = The password does not match, or you signed in more than 15 minutes ago. Nothing changed.
