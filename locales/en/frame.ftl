# The frame around every page.
frame-account = Your account
frame-collapse = Collapse menu
frame-console = Platform console
frame-console-sub = Management of the unidades
frame-crumbs = You are in
frame-product = Industry Relationship System
frame-menu = Menu
frame-menu-close = Close menu
frame-messages = Messages
frame-nav = Main navigation
frame-nav-short = Shortcuts
frame-new = New
frame-search = Search everything…
frame-sign-out = Sign out
frame-skip = Skip to content
frame-unidade = Unidade

theme-title = Theme
theme-light = Light
theme-dark = Dark
theme-system = Same as the device

# Written in the language it switches to.
lang-switch = Mudar para português
lang-short = EN

palette-title = Search or go to
palette-hint = Type the name of a page, an action or a record
palette-results = Results
palette-none = Nothing found.
nav-management = Management
nav-modules = Modules

busca-title = Search
busca-submit = Search
busca-short = Type at least two letters.
busca-none-hint = Try fewer words, or another spelling. The search covers everything you may see.
busca-all = See all { $n } results in { $what }

bell-label =
    { $n ->
        [0] Notifications
        [100] Notifications: more than 99 unread
       *[other] Notifications: { $n } unread
    }

lixeira-all = Everything
lixeira-by = Deleted by
lixeira-contatos = Contacts
lixeira-documentos = Documents
lixeira-empresa = Company
lixeira-contato = Contact
lixeira-documento = Document
lixeira-kind = Kind
lixeira-none-yours = Nothing for you to restore
lixeira-none-yours-hint = Only who may delete records sees and restores them here.
lixeira-restore-picked = Restore the selected ones
lixeira-sub = What was deleted waits here; documents for 30 days.
lixeira-what = What
toast-lixeira-restaurado = Restored.
toast-lixeira-restaurados = All that you selected was restored.
lixeira-restored =
    { $n ->
        [one] 1 item was restored.
       *[other] { $n } items were restored.
    }
lixeira-refused =
    { $n ->
        [one] One could not come back:
       *[other] { $n } could not come back:
    }

why-not = Why can’t I?
why-permission = Permission needed
why-held = Do you hold it?
why-held-no = No.
why-held-narrow = Only for the records that you are responsible for.
why-held-whole = Yes. If the action is missing all the same, the record or list does not allow it now.
why-ask = Who can grant it
# The audit trail as a piece (pecas/trail.html).
audit-changes = Before and after
audit-fields =
    { $n ->
        [one] { $n } field
       *[other] { $n } fields
    }
