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
