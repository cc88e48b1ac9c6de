tarefas-title = Tarefas
tarefas-count = { $n ->
    [0] Nenhuma tarefa
    [one] 1 tarefa
   *[other] { $n } tarefas
}
tarefas-all = Todas as tarefas
tarefas-quais = Quais
tarefas-abertas = Abertas
tarefas-atrasadas = Atrasadas
tarefas-concluidas = Concluídas
tarefas-todas = Todas
tarefas-hoje = Hoje
tarefas-semana = Próximos 7 dias
tarefas-depois = Depois
tarefas-sem-prazo = Sem prazo
tarefas-empty = Nada a fazer
tarefas-empty-hint = O que for anotado em uma empresa, em uma visita ou no seu dia aparece aqui.
tarefas-search-hint = O que fazer
tarefa-new = Nova tarefa
tarefa-new-hint = O que precisa ser feito?
tarefa-add = Anotar
tarefa-edit = Editar tarefa
tarefa-titulo = O que fazer
tarefa-detalhes = Detalhes
tarefa-responsavel = Quem faz
tarefa-prazo = Prazo
tarefa-concluir = Concluir: { $titulo }
tarefa-reabrir = Reabrir: { $titulo }
tarefa-delete-question = Mover esta tarefa para a lixeira?
meu-dia-title = Meu dia
meu-dia-visitas = Visitas de hoje
meu-dia-no-visitas = Nenhuma visita sua hoje.
meu-dia-sem-relato = Visitas sem relato
meu-dia-demandas = Minhas demandas
meu-dia-no-demandas = Nenhuma demanda aberta com você.
meu-dia-tarefas = Minhas tarefas
meu-dia-no-tarefas = Nenhuma tarefa aberta. Bom trabalho!
visita-criar-tarefas = Criar uma tarefa para cada próximo passo
visita-prazo-passos = Prazo dessas tarefas
lixeira-tarefa = Tarefa
mescla-tarefas = { $n ->
    [one] 1 tarefa
   *[other] { $n } tarefas
}
acervo-tarefa = Tarefas
audit-entity-tarefa = Tarefa
audit-tarefa-criada = Anotou uma tarefa
audit-tarefa-alterada = Alterou uma tarefa
audit-tarefa-concluida = Concluiu uma tarefa
audit-tarefa-reaberta = Reabriu uma tarefa
audit-tarefa-excluida = Moveu uma tarefa para a lixeira
audit-tarefa-restaurada = Restaurou uma tarefa
notice-tarefa = Tarefas
notice-tarefa-help = Quando alguém pede algo a você, e quando o que você pediu fica pronto.
notice-tarefa-prazo = Prazo de tarefa
notice-tarefa-prazo-help = Às 8 horas do dia em que vence.
tarefa-notice-nova = { $nome } pediu a você: { $titulo }
tarefa-notice-concluida = { $nome } concluiu: { $titulo }
tarefa-notice-prazo = Vence hoje: { $titulo }
toast-tarefa-criada = Tarefa anotada.
toast-tarefa-alterada = Tarefa alterada.
toast-tarefa-concluida = Tarefa concluída.
toast-tarefa-reaberta = Tarefa reaberta.
toast-tarefa-excluida = Tarefa movida para a lixeira.
permission-relacionamento-tarefa-ver = Ver tarefas
permission-relacionamento-tarefa-gerir = Anotar, alterar, concluir e excluir tarefas
invalid-tarefa-sobre = O registro de uma tarefa não muda: escreva outra.
