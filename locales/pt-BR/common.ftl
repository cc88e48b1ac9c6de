# Words of the shared pieces.
action-add = Acrescentar
action-cancel = Cancelar
action-close = Fechar
action-open = Abrir
action-save = Salvar
action-undo = Desfazer

confirm-yes = Sim, continuar

copy-label = Copiar
copy-done = Copiado.

drop-hint = ou arraste o arquivo até aqui
drop-sending = Enviando…
drop-too-large = Este arquivo é maior do que o limite.
drop-wrong-type = Este tipo de arquivo não é aceito aqui.

form-choose = Escolha…
form-leave = Há alterações que ainda não foram salvas. Sair assim mesmo?
form-leave-yes = Sair sem salvar
form-mistakes =
    { $n ->
        [one] Um campo precisa de atenção. O que você digitou continua aqui.
       *[other] { $n } campos precisam de atenção. O que você digitou continua aqui.
    }
form-save-key = salva

list-apply = Aplicar
list-clear = Limpar filtros
list-nothing = Nada encontrado com estes filtros
list-nothing-hint = Confira a grafia, use menos palavras ou retire um dos filtros.
list-pick = Selecionar { $nome }
list-pick-column = Seleção
list-pick-page = Selecionar todas as linhas desta página
list-picked = Com as linhas marcadas:
list-picked-clear = Limpar
list-remove-filter = Retirar o filtro
list-total =
    { $n ->
        [0] nenhum registro
        [one] { $n } registro
       *[other] { $n } registros
    }

page-nav = Páginas
page-next = Próxima página
page-number = Página { $n }
page-previous = Página anterior
page-range =
    { $n ->
        [0] nenhum registro
       *[other] { $from }–{ $to } de { $n }
    }
page-rows = Por página
page-sizes = Registros por página

month-1 = janeiro
month-2 = fevereiro
month-3 = março
month-4 = abril
month-5 = maio
month-6 = junho
month-7 = julho
month-8 = agosto
month-9 = setembro
month-10 = outubro
month-11 = novembro
month-12 = dezembro
dia-segunda = segunda-feira
dia-terca = terça-feira
dia-quarta = quarta-feira
dia-quinta = quinta-feira
dia-sexta = sexta-feira
dia-sabado = sábado
dia-domingo = domingo

time-now = agora mesmo
time-yesterday = ontem
time-tomorrow = amanhã
time-minutes-ago = { $n ->
    [one] há { $n } minuto
   *[other] há { $n } minutos
}
time-hours-ago = { $n ->
    [one] há { $n } hora
   *[other] há { $n } horas
}
time-days-ago = { $n ->
    [one] há { $n } dia
   *[other] há { $n } dias
}
time-months-ago = { $n ->
    [one] há { $n } mês
   *[other] há { $n } meses
}
time-years-ago = { $n ->
    [one] há { $n } ano
   *[other] há { $n } anos
}
time-in-minutes = { $n ->
    [one] em { $n } minuto
   *[other] em { $n } minutos
}
time-in-hours = { $n ->
    [one] em { $n } hora
   *[other] em { $n } horas
}
time-in-days = { $n ->
    [one] em { $n } dia
   *[other] em { $n } dias
}
time-in-months = { $n ->
    [one] em { $n } mês
   *[other] em { $n } meses
}
time-in-years = { $n ->
    [one] em { $n } ano
   *[other] em { $n } anos
}

columns-title = Colunas
columns-compact = Linhas compactas
columns-default = Voltar ao padrão
views-title = Visões
view-keep = Guardar esta visão
view-name-hint = Por exemplo: Prospects de SC
view-share = Para todos da unidade
view-save = Guardar
view-forget = Esquecer a visão { $nome }

timeline-all = Tudo
timeline-cadastro = Cadastro
timeline-consulta = Consultas
timeline-contato = Contatos
timeline-documento = Documentos
timeline-filter = Filtrar por tipo
timeline-importacao = Importação
timeline-lote = Em lote
timeline-more = Mostrar mais
timeline-newest = Voltar ao mais recente
timeline-nothing = Nada por aqui ainda
timeline-nothing-hint = O que for feito com este cadastro aparece aqui, do mais novo ao mais antigo. Se um assunto está escolhido acima, veja também em “Tudo”.
timeline-title = Linha do tempo
timeline-today = Hoje
timeline-yesterday = Ontem

map-edit = Corrigir o endereço
map-failed = O mapa não carregou agora. O endereço ao lado abre no seu aplicativo de mapas.
map-no-address = Nenhum endereço no cadastro.
map-of = Mapa de { $municipio }
map-open = Abrir no aplicativo de mapas
map-position = Posição do município ({ $municipio }), não do endereço exato.
map-route = Como chegar
map-zoom-in = Aproximar
map-zoom-out = Afastar

list-order = Ordenar
list-order-by = Ordenar por
list-order-then = Depois por
list-order-none = Nada mais
list-order-up = { $nome }, crescente
list-order-down = { $nome }, decrescente
list-sort-more = Shift+clique: ordenar também por esta coluna
list-sort-place = critério
view-whole = Ver todas
view-opened = A lista abriu com a sua visão padrão, “{ $nome }”
view-prefer = Abrir a lista sempre com “{ $nome }”
