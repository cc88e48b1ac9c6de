# The frame around every page.
frame-account = Sua conta
frame-collapse = Recolher menu
frame-console = Console da plataforma
frame-console-sub = Administração das unidades
frame-crumbs = Você está em
frame-product = Sistema de Relacionamento com a Indústria
frame-menu = Menu
frame-menu-close = Fechar menu
frame-messages = Avisos
frame-nav = Navegação principal
frame-nav-short = Atalhos
frame-new = Novo
frame-search = Buscar em tudo…
frame-sign-out = Sair
frame-skip = Ir para o conteúdo
frame-unidade = Unidade

theme-title = Tema
theme-light = Claro
theme-dark = Escuro
theme-system = Do dispositivo

# Written in the language it switches to.
lang-switch = Switch to English
lang-short = PT

palette-title = Buscar ou ir para
palette-hint = Digite o nome de uma página, ação ou registro
palette-results = Resultados
palette-none = Nada encontrado.
nav-management = Gestão
nav-modules = Módulos

busca-title = Busca
busca-submit = Buscar
busca-short = Digite pelo menos duas letras.
busca-none-hint = Tente menos palavras, ou outra grafia. A busca vale para tudo o que você pode ver.
busca-all = Ver todos os { $n } resultados em { $what }
