tarefas-title = Tasks
tarefas-count = { $n ->
    [0] No tasks
    [one] 1 task
   *[other] { $n } tasks
}
tarefas-all = All tasks
tarefas-quais = Which
tarefas-abertas = Open
tarefas-atrasadas = Overdue
tarefas-concluidas = Done
tarefas-todas = All
tarefas-hoje = Today
tarefas-semana = Next 7 days
tarefas-depois = Later
tarefas-sem-prazo = No deadline
tarefas-empty = Nothing to do
tarefas-empty-hint = What is noted on a company, on a visit or in your day appears here.
tarefas-search-hint = What to do
tarefa-new = New task
tarefa-new-hint = What needs to be done?
tarefa-add = Note
tarefa-edit = Edit task
tarefa-titulo = What to do
tarefa-detalhes = Details
tarefa-responsavel = Who does it
tarefa-prazo = Deadline
tarefa-concluir = Done: { $titulo }
tarefa-reabrir = Reopen: { $titulo }
tarefa-delete-question = Move this task to the trash?
meu-dia-title = My day
meu-dia-visitas = Visits today
meu-dia-no-visitas = No visit of yours today.
meu-dia-sem-relato = Visits not reported
meu-dia-demandas = My requests
meu-dia-no-demandas = No open request of yours.
meu-dia-tarefas = My tasks
meu-dia-no-tarefas = No open task. Well done!
visita-criar-tarefas = Make a task of each next step
visita-prazo-passos = Deadline of these tasks
lixeira-tarefa = Task
mescla-tarefas = { $n ->
    [one] 1 task
   *[other] { $n } tasks
}
acervo-tarefa = Tasks
audit-entity-tarefa = Task
audit-tarefa-criada = Noted a task
audit-tarefa-alterada = Changed a task
audit-tarefa-concluida = Finished a task
audit-tarefa-reaberta = Reopened a task
audit-tarefa-excluida = Moved a task to the trash
audit-tarefa-restaurada = Restored a task
notice-tarefa = Tasks
notice-tarefa-help = When somebody asks something of you, and when what you asked for is done.
notice-tarefa-prazo = Deadline of a task
notice-tarefa-prazo-help = At 8 in the morning of the day on which it is due.
tarefa-notice-nova = { $nome } asks of you: { $titulo }
tarefa-notice-concluida = { $nome } finished: { $titulo }
tarefa-notice-prazo = Due today: { $titulo }
toast-tarefa-criada = Task noted.
toast-tarefa-alterada = Task changed.
toast-tarefa-concluida = Task done.
toast-tarefa-reaberta = Task reopened.
toast-tarefa-excluida = Task moved to the trash.
permission-relacionamento-tarefa-ver = See tasks
permission-relacionamento-tarefa-gerir = Note, change, finish and delete tasks
invalid-tarefa-sobre = The record of a task does not change: write down another.
