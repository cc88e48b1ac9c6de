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

bell-label =
    { $n ->
        [0] Notificações
        [1] Notificações: 1 não lida
        [100] Notificações: mais de 99 não lidas
       *[other] Notificações: { $n } não lidas
    }

lixeira-all = Tudo
lixeira-by = Quem excluiu
lixeira-contatos = Contatos
lixeira-documentos = Documentos
lixeira-empresa = Empresa
lixeira-contato = Contato
lixeira-documento = Documento
lixeira-kind = Tipo
lixeira-none-yours = Nada para você restaurar
lixeira-none-yours-hint = Só quem pode excluir registros os vê e restaura aqui.
lixeira-restore-picked = Restaurar os selecionados
lixeira-sub = O que foi excluído espera aqui; documentos, por 30 dias.
lixeira-what = O quê
toast-lixeira-restaurado = Restaurado.
toast-lixeira-restaurados = Tudo o que você selecionou foi restaurado.
lixeira-restored =
    { $n ->
        [one] { $n } item foi restaurado.
       *[other] { $n } itens foram restaurados.
    }
lixeira-refused =
    { $n ->
        [one] Um não pôde voltar:
       *[other] { $n } não puderam voltar:
    }

why-not = Por que não posso?
why-permission = Permissão necessária
why-held = Você tem?
why-held-no = Não.
why-held-narrow = Só para os registros pelos quais você é responsável.
why-held-whole = Sim. Se a ação falta mesmo assim, o registro ou a lista não a permite agora.
why-ask = Quem pode conceder
# The audit trail as a piece (pecas/trail.html).
audit-changes = Antes e depois
audit-fields =
    { $n ->
        [one] { $n } campo
       *[other] { $n } campos
    }
