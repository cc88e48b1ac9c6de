# Signing in, one's account, people and programs of the unidade.
lang-name = English

login-title = Sign in
login-sub = Use the e-mail and password of your account in this unit.
login-email = E-mail
login-senha = Password
login-submit = Sign in
error-login = E-mail or password do not match. Check both and try again.
error-login-wait = There were too many failed attempts. Wait 15 minutes, sign in from a device you have used before, or change the password with “I forgot my password”.

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
conta-idioma-none = The unit's or the browser's
conta-fuso = Time zone
conta-fuso-help = Dates and times on screen follow this zone.
foto-title = Your picture
foto-sub = It stands beside your name for the people of the unit.
foto-open = Change the picture
foto-now = Your current picture
foto-now-sub = This is how others see you.
foto-none-sub = Without a picture, the initials of your name are shown.
foto-file = Choose a picture
foto-help = PNG or JPEG of up to 8 MB. Only the square in the middle is kept, small; the place and whatever else the camera notes is not.
foto-remove = Remove the picture
foto-remove-question = Remove the picture? The initials of the name take its place.
toast-foto = The picture was changed.
toast-foto-removed = The picture was removed.
conta-fuso-unidade = That of the unit
conta-sessoes = Where you are signed in
conta-sessoes-sub = You do not recognise one of these devices? End its session.

sessao-current = This device
sessao-used = used
sessao-end = End
sessao-end-others = End all others
sessao-end-others-question = End all sessions except this device's? Whoever uses them will have to sign in again.

toast-outro-caminho = Your unit asks you to sign in another way. Use the other options on this page, or ask whoever administers it.
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

nav-configuracoes = Settings
frame-my-account = My account
configuracoes-nothing = Nothing to set up here
configuracoes-nothing-hint = Your profile does not let you change any settings. Whoever manages the unit can change that.
list-actions = Actions
list-actions-of = Actions for { $nome }

modulos-title = Modules
modulos-sub = What this unit uses. Modules are switched on and off by the platform's administration.
modulo-off = { $nome }: off
identidade-title = Look
identidade-sub = Name, logo and colours of the unit on every page, report and e-mail.
identidade-who = Name
identidade-nome = Name of the unit
identidade-nome-help = What people call it, for example SENAI Joinville.
identidade-logo = Logo
identidade-logo-now = Current logo
identidade-logo-remove = Remove the logo
identidade-logo-file = Choose a picture
identidade-logo-help = PNG or JPEG of up to 2 MB. A transparent background works best in both themes.
identidade-cores = Colours
identidade-cores-padrao = SENAI's
identidade-cores-proprias = The unit's own
identidade-primaria = Primary
identidade-destaque = Accent
identidade-contrast-on = on white
identidade-contrast-good = It reads well.
identidade-contrast-low = It is too light: for text we use a darker shade of it.
identidade-contrast-help = In both themes the system adjusts each colour until text and buttons can be read by everybody (WCAG AA).
identidade-idioma-browser = The browser's
identidade-habits = For whoever has not chosen yet
identidade-habits-help = Theme and language of the sign-in page and of every new person; each changes theirs at any time. The language also goes for e-mails to whoever chose none.
invalid-cor-invalid = Choose a colour from the palette.
invalid-imagem-format = This file is not a whole PNG or JPEG picture.
invalid-imagem-large = The picture is larger than { $max } MB.
invalid-imagem-size =
    { $max ->
        [one] The picture is more than { $max } pixel a side.
       *[other] The picture is more than { $max } pixels a side.
    }

usuarios-title = Users
usuarios-sub = Who enters this unit, with which profile, and the open invitations.
usuarios-count =
    { $n ->
        [0] no users
        [one] { $n } user
       *[other] { $n } users
    }
usuarios-search = Search by name or e-mail
usuarios-invite = Invite
usuario-perfil = Profile
usuario-situacao = Status
usuario-active = Active
usuario-inactive = Deactivated
usuario-last-seen = Last seen
usuario-never-seen = never signed in
usuario-deactivate = Deactivate
usuario-deactivate-question = Deactivate { $nome }? This person's sessions end now, and they can no longer sign in. What they recorded stays.
usuario-reactivate = Reactivate
error-usuario-own = Nobody deactivates their own account. Ask somebody else who manages the unit.
error-usuario-last-administrador = This is the only active person who manages the unit. Invite another one before deactivating them.
error-usuario-unchanged = That was done already.

convidar-title = Invite
convidar-sub = The person gets an e-mail with a link to choose their own password. The link works for 7 days.
convidar-perfil-help = The profile decides what the person sees and may do.
convidar-submit = Send invitation
convites-open = Open invitations
convite-over = expired
convite-revoke = Cancel invitation
convite-again = Send again
convite-link = Make a link
convite-link-title = Link of the invitation
convite-link-question = Has { $nome } not received the e-mail? Make the invitation's link and hand it over in person or in a way you trust. With it, they choose their own password; you never learn it.
convite-link-told = The link is good for seven days, once. Those sent before stop working, and making it is kept in the audit trail.
convite-link-back = Back to the users
link-make = Make the link
link-made = The link is made.
link-once = Copy it now: it will not be shown again.

usuarios-more = More
usuarios-export = Export
usuarios-import = Import users
usuarios-import-sub = Invite many people at once with a spreadsheet. Nobody gets anything before you have checked it.
usuarios-modelo = Download template
usuarios-modelo-hint = One person per row, on the first sheet. This one explains the columns.
usuarios-modelo-nome = Full name. Required.
usuarios-modelo-email = Where the invitation goes. Required.
usuarios-modelo-perfil = One of these: { $list }. Left blank, the one you choose in the preview counts.
usuarios-modelo-setor = The area where the person works. May be left blank.
usuarios-import-file = Choose the spreadsheet
usuarios-import-file-help = XLSX or CSV of up to 2 MB and 500 people, with name and e-mail.
usuarios-import-send = Read the spreadsheet
usuarios-step-done = Invitations sent
usuarios-default-perfil = Profile of those who have none in the spreadsheet
usuarios-default-perfil-help = Only profiles that you can give are shown.
usuarios-ready = Ready
usuarios-again = Invited again
usuarios-refused = Left out
usuarios-to-invite =
    { $n ->
        [0] Nobody will be invited.
        [one] { $n } person will be invited.
       *[other] { $n } people will be invited.
    }
usuarios-invited =
    { $n ->
        [one] { $n } person invited
       *[other] { $n } people invited
    }
usuarios-left-out =
    { $n ->
        [0] No row was left out.
        [one] { $n } row is left out.
       *[other] { $n } rows are left out.
    }
usuarios-import-confirm = Send invitations
usuarios-import-discard = Discard
toast-usuarios-imported = Invitations sent.
toast-usuarios-import-discarded = Spreadsheet discarded. Nobody was invited.
invalid-usuarios-email-twice = This e-mail is already in row { $row }.
invalid-usuarios-perfil-unknown = There is no profile of this name.
invalid-usuarios-perfil-beyond = This profile allows more than yours does.
invalid-usuarios-no-lines = There is nobody in this spreadsheet.
error-usuarios-import-changed = Something has changed since you saw this preview. Check it again and confirm.
error-usuarios-import-nobody = No row is ready. Correct the spreadsheet or the columns.

tokens-title = API tokens
tokens-sub = Programs that use the API of this unit, each with the permissions you choose.
tokens-none = No tokens yet
tokens-none-hint = Create one so that another system can read or write data of this unit without anybody's password.
token-new = New token
token-nome = Program
token-nome-help = So that you know it in the list, for example ERP integration.
token-permissoes = Permissions
token-permissoes-help = Only those you hold yourself are shown.
token-expires = Valid until
token-days =
    { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
token-create = Create token
token-created = Token created.
token-created-once = Copy it now: it will not be shown again.
token-active = Active
token-revoked = Revoked
token-expired = Expired
token-last-used = Last used
token-never-used = never
token-revoke = Revoke
token-revoke-question = Revoke the token { $nome }? The program that uses it loses access now.
token-limite = Requests per minute
token-limite-help = From 10 to 60,000. Whoever goes beyond it waits for the next minute.
token-limite-save = Change
invalid-limite = Choose from { $min } to { $max } requests per minute.
toast-token-limite = The limit was not changed: choose from 10 to 60,000 requests per minute.
token-servico = On behalf of
token-servico-own = yourself: it works as long as your account does
token-servico-help = A token of a service account goes on working when whoever made it leaves the unit.
invalid-token-beyond-servico = The service account does not hold all of these permissions. Leave out those it lacks, or change its profile.
token-chave = Signing key
token-chave-what = Each token is signed with a key of this unit alone. When you change it, new tokens use the new key, and older ones go on working until they expire.
token-chave-one = Key
token-chave-in-use = in use
token-chave-ended = ended on
token-chave-tokens =
    { $n ->
        [0] no active token
        [one] { $n } active token
       *[other] { $n } active tokens
    }
token-chave-change = Change the key
token-chave-question = Change the signing key? Tokens made from now on use the new one.
token-chave-end = End all tokens signed with earlier keys now
token-chave-end-help = Tick this if a token or a server fell into the wrong hands: every program will need a new token.
toast-token-chave = Key changed.
toast-token-chave-changed = The key had been changed already. See which one is in use.

auditoria-title = Audit trail
auditoria-sub = Who did what, when and from where. Nothing in it can be changed.
audit-visao-guardada = Saved a view
audit-visao-excluida = Deleted a view
audit-search = Search by person or action
audit-from = From
audit-until = Until
audit-who = Who
audit-at = When
audit-what = What
audit-ip = IP address
audit-details = Details
audit-show = Show
audit-nobody = Not identified
actor-usuario = Person
actor-token = Program
actor-sistema = System
actor-plataforma = Platform
actor-anonimo = Not identified
audit-acesso-entrou = Signed in
audit-acesso-saiu = Signed out
audit-acesso-entrada-recusada = Tried to sign in and failed
audit-acesso-tentativas-esgotadas = Ran out of attempts to sign in
audit-acesso-entrada-criada = Created a one-time sign-in link
audit-acesso-sessao-encerrada = Ended a session
audit-acesso-sessoes-encerradas = Ended the other sessions
audit-acesso-recusado = Access refused
audit-convite-enviado = Sent an invitation
audit-convite-revogado = Cancelled an invitation
audit-convite-reenviado = Sent an invitation again
audit-convite-link-criado = Made the link of an invitation
audit-token-criado = Created a token
audit-token-chave-trocada = Changed the signing key of the tokens
audit-token-limitado = Changed the limit of a token
audit-servico-criado = Made a service account
audit-token-revogado = Revoked a token
audit-unidade-identidade-alterada = Changed the look
audit-unidade-restaurada = Restored the unit from a backup
audit-aparencia-alterada = Changed how they see a list
audit-acesso-entrada-fechada = Tried a way in that the unit closed to their profile
audit-usuario-alterado = Changed a user
audit-usuario-foto-trocada = Changed their picture
audit-usuario-foto-removida = Removed a user's picture
audit-usuario-criado = Created a user
audit-usuario-senha-link-criado = Made a link for somebody to choose a password
audit-usuario-exportado = Exported the list of users
audit-usuario-importado = Imported users from a spreadsheet
audit-usuario-desativado = Deactivated a user
audit-usuario-reativado = Reactivated a user

permission-acesso-configuracao-ver = Open the settings
permission-acesso-identidade-alterar = Change name, logo and colours of the unit
permission-acesso-usuario-ver = See the users
permission-acesso-usuario-gerir = Invite, change, deactivate and delete users
permission-acesso-token-gerir = Create and revoke API tokens
permission-acesso-auditoria-ver = See the audit trail

toast-invited = Invitation sent.
toast-invitation-revoked = Invitation cancelled.
toast-deactivated = User deactivated.
toast-reactivated = User reactivated.
toast-token-revoked = Token revoked.

conta-senha = Password
conta-senha-sub = When you change the password, the sessions of your other devices end.
conta-senha-atual = Current password
conta-senha-nova = New password
conta-senha-submit = Save password
invalid-senha-atual = The current password does not match.
toast-senha-changed = Password saved.
audit-usuario-senha-alterada = Changed their own password

toast-aparencia = The list is shown as you chose.
toast-visao-guardada = View kept.
toast-visao-excluida = View forgotten.
toast-visao-nome = Give the view a name of up to 60 letters.
toast-visao-too-many = You have 50 views of this list already; forget one first.
error-visao-too-many = You have 50 views of this list already; forget one first.
error-visao-nothing = Filter or sort the list before keeping the view.

notificacoes-title = Notifications
notificacoes-sub = Kept for 90 days.
notificacoes-all = All
notificacoes-unread = Unread
notificacoes-none = Nothing here
notificacoes-none-hint = When something that you started is finished, or somebody needs you, it is told here.
notificacoes-read-all = Mark all as read
notificacoes-see-all = See all
notificacao-mark = Mark as read: { $text }
notificacao-mark-short = Mark as read
notificacao-unread = unread
toast-notificacoes-lidas = Notifications marked as read.
toast-visao-padrao = The list opens with this view from now on.
toast-visao-sem-padrao = The list opens whole again.
audit-visao-preferida = Chose the view that a list opens with

primeiros-title = First steps
primeiros-done = { $done } of { $n } done
primeiros-dismiss = Do not show any more
primeiros-all = All is ready
primeiros-all-hint = The unit has all that it needs to begin.
primeiros-go = Begin to work
primeiros-step-done = done
primeiros-step-go = Do it now
step-identidade = Give your unit its face
step-identidade-text = Logo and colours are shown on all pages, reports and e-mails.
step-pessoas = Invite who works with you
step-pessoas-text = Each person comes in with their own e-mail and sees what their profile allows.

perfis-title = Roles
perfis-sub = What each role may do. A change counts on the next page of whoever has it.
perfil-new = New role
perfil-new-sub = Begin with what another role may do and adjust what is different.
perfil-create = Create role
perfil-open = Open
perfil-copy = Copy
perfil-delete = Delete
perfil-delete-question = Delete the role { $nome }? Nobody has it; what it could do stays in the audit trail.
perfil-descricao = Whom it is for
perfil-descricao-help = A sentence that helps to choose the right role.
perfil-from = Begin with
perfil-from-help = Only those that may do no more than you can be copied.
perfil-from-nothing = Nothing
perfil-from-product = { $nome } (of the product)
perfil-everything = may do everything
perfil-everything-text = Whoever has this role may do everything in this unit, also what new modules will bring. It cannot be changed.
perfil-preset = as the product brought it
perfil-preset-changed = changed by the unit
perfil-own = of the unit
perfil-beyond = This role may do more than you. Only somebody who may do as much, or more, changes it.
perfil-find = Find a permission
perfil-reset = Back to the original
perfil-reset-question = Bring the role { $nome } back to what the product brought? What the unit changed in it is lost.
escopo-nenhum = No
escopo-sim = Yes
escopo-proprias = Own
escopo-vinculadas = Linked
escopo-todas = All
module-acesso = Access and settings
module-empresas = Companies
module-relacionamento = Relationship
error-perfil-fixed = This role may do everything and can be neither changed nor copied.
error-perfil-in-use = Somebody still has this role. Give them another one before you delete it.
convites-count =
    { $n ->
        [0] no invitations
        [one] { $n } invitation
       *[other] { $n } invitations
    }
toast-perfil-created = Role created. Now say what it may do.
toast-perfil-reset = The role is again as the product brought it.
toast-perfil-deleted = Role deleted.
audit-perfil-criado = Created a role
audit-perfil-alterado = Changed a role
audit-perfil-excluido = Deleted a role
permission-acesso-perfil-gerir = Define roles and permissions

fonte-administrador = The role { $nome } may do everything.
fonte-perfil = The role { $nome } gives: { $escopo }.
fonte-perfil-nao = The role { $nome } does not give it.
fonte-concessao = Granted by { $nome }: { $escopo }.
fonte-concessao-ate = Granted by { $nome }: { $escopo }, until { $ate }.
fonte-revogacao = Denied by { $nome }.
fonte-revogacao-ate = Denied by { $nome }, until { $ate }.
fonte-vencida = What { $nome } had decided counted until { $ate }.
fonte-vinculo = It counts for the companies linked to the person and for those they are responsible for.
why-from = Where it comes from

usuario-open = Open
usuario-edit = Edit
usuario-delete = Delete
usuario-delete-question = Delete { $nome } for good? They can enter no more, and the tokens they created stop working. What they recorded keeps their name.
usuario-tipo = Kind
usuario-pessoa = Person
servico = Service account
servico-new = New service account
servico-edit = Edit service account
servico-sub = A program with a profile and tokens of its own. It has no password and opens no pages; it only uses the API.
servico-nome-help = The name of the program, for example ERP integration.
servico-descricao = What it is for
servico-descricao-help = What the program does and where it runs, for whoever comes across it years from now.
servico-perfil-help = The tokens of the account go no further than its profile. An administrator's profile cannot be given to a program.
servico-responsaveis = Owners
servico-responsaveis-help = The people who answer for the program. At least one.
servico-orphan = Nobody answers for this service account.
servico-orphan-hint = Whoever did has left. Edit the account and choose somebody else.
servico-tokens-none = No active token. Without one the program cannot use the API.
servico-deactivate-question = Deactivate { $nome }? The tokens of this account stop working now, and the program loses its access.
servico-delete-question = Delete { $nome } for good? The tokens of this account stop working. What it recorded keeps its name.
senha-link-title = Link to choose a password
senha-link-question = { $nome } gets no e-mail? Make a single-use link and hand it over in person or by a way that you trust. With it the person chooses their own password; you do not get to know it.
senha-link-told = The link works for 30 minutes, ends open sessions and does not spare the second step. The person is told, and its use is on the trail.
senha-link-back = Back to the user
senha-link-notice = { $nome } made a link to change your password. Did you not ask for it? Talk to whoever administers the unit.
invalid-servico-administrador = A program cannot have a profile that allows everything.
invalid-servico-responsavel = Choose at least one active person.
toast-servico-created = Service account created. Now make a token for it.
usuario-setor = Department
usuario-setor-help = The area of the unit in which the person works.
usuario-since = User since
usuario-trail = What they did, in the audit trail
usuario-key-facts = In short
usuario-tab-ficha = Record
usuario-tab-permissoes = Permissions
usuario-permissoes = What they may do and why
usuario-own-perfil-help = Your own role is changed by somebody else who manages the unit.
usuario-many-confirm = Yes, there should be one more person who may do everything
error-usuario-many-administradores = Two people may do everything in this unit already; we recommend no more. If you mean it, confirm below.
error-usuario-own-perfil = Nobody changes their own role or e-mail here. Ask somebody else who manages the unit.
toast-usuario-deleted = User deleted.
audit-usuario-excluido = Deleted a user
ajuste-title = Grant or deny a permission
ajuste-sub = It counts for this person only, beside what the role { $nome } says.
ajuste-permissao = Permission
ajuste-what = What changes
ajuste-todas = Grant, for all companies
ajuste-vinculadas = Grant, for linked companies
ajuste-proprias = Grant, for their own companies
ajuste-nenhuma = Deny
ajuste-until = Until
ajuste-until-help = The last day on which it counts. Left empty, it counts until somebody takes it back.
ajuste-submit = Apply
ajuste-take-back = Take back
ajuste-take-back-one = Take back what was decided about: { $nome }
direitos-held = { $n } of { $total }
error-permissao-own = Nobody changes their own permissions. Ask somebody else who manages the unit.
error-permissao-administrador = Whoever may do everything needs no grants, and nothing is denied to them. Change the role first.
toast-permissao-ajustada = Permission adjusted. It counts on the person's next page.
toast-permissao-retirada = What the role says counts again.
audit-usuario-permissao-concedida = Granted a permission
audit-usuario-permissao-negada = Denied a permission
audit-usuario-permissao-retirada = Took back what was decided about a permission

# What each wants to hear of
preferencias-title = My notifications
preferencias-sub = What you want to know, and where. What you silence on the panel is kept, as read.
preferencias-open = Choose
preferencias-kind = Notice
preferencias-panel = Panel
preferencias-email = E-mail
preferencias-telefone = Phone
preferencias-always = Always
preferencias-letter = Own letter
preferencias-never = Never
preferencias-reset = Back to default
preferencias-reset-question = Back to the defaults in all notices?
preferencias-no-mail = This unit sends no e-mail: notices come by the panel alone. What you choose holds once it sends again.
preferencias-no-number = Your record has no phone number: ask an administrator to enter it so that notices can reach you by WhatsApp or SMS. What you choose holds from then on.
toast-preferencias = Your notifications were saved.
toast-preferencias-padrao = Everything is back to default.
parar-title = Stop these e-mails?
parar-sub = You will get no more e-mails of the kind “{ $nome }”. They stay on the panel.
parar-submit = Stop
parar-done-title = Done
parar-done = You get no more e-mails of the kind “{ $nome }”. They stay on the panel.
parar-choose = Choose what I get
notice-conta = Security of the account
notice-conta-help = Passwords, devices and sign-ins. It cannot be turned off: a thief would do that first.
notice-suporte = Support asking for access
notice-suporte-help = Somebody of the platform asks to come into the unit. It cannot be turned off: only you can allow it.
audit-notificacao-preferida = Notifications chosen
