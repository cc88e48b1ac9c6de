demandas-title = Requests
demanda-title = Request
demandas-count = { $n ->
    [0] No requests
    [one] 1 request
   *[other] { $n } requests
}
demandas-all = { $n ->
    [one] See the request
   *[other] See all { $n } requests
}
demandas-more = { $n ->
    [one] See 1 more
   *[other] See { $n } more
}
demandas-lista = List
demandas-quadro = Board
demandas-quadro-concluidas = Concluded in the last 30 days.
demandas-column-none = Nothing here
demandas-empty = No requests yet
demandas-empty-hint = What companies ask of SENAI comes here: whoever answers for it is told, and the deadline counts working days.
demandas-empresa-empty = No requests from this company
demandas-empresa-empty-hint = What it asks of SENAI stays here, with deadline, owner and history.
demandas-search-hint = Title, description, company or owner
demandas-late = Overdue
demandas-late-yes = overdue only
demandas-abertas-da-empresa = { $n ->
    [one] This company has an open request already. Is it the same?
   *[other] This company has { $n } open requests already. Is it one of them?
}
demandas-parecidas = { $n ->
    [one] This company has an open request of the same kind already:
   *[other] This company has { $n } open requests of the same kind already:
}
demandas-por-situacao = Requests by status
demandas-por-tipo = Requests by kind
demanda-new = New request
demanda-edit = Edit request
demanda-empresa = Company
demanda-titulo = Title
demanda-descricao = Description
demanda-descricao-help = What the company needs, what for, and by when.
demanda-tipo = Kind
demanda-setor = Department
demanda-etapa = Stage
demanda-situacao = Status
demanda-responsavel = Owner
demanda-nobody = Nobody yet
demanda-contato = Asked by
demanda-contato-none = Not said
demanda-valor = Estimated value
demanda-prazo = Deadline
demanda-prazo-help = Left open, it counts the working days of the kind.
demanda-criada = Created
demanda-iniciada-at = Taken up
demanda-concluida-at = Concluded
demanda-motivo = Reason
demanda-motivo-help = It stays in the history, and whoever follows is told.
demanda-dias = Days until concluded
demanda-is-projeto = Became a project
demanda-is-projeto-note = The company contracted it: this request became a project.
demanda-dados = Details
demanda-nova = New
demanda-em-andamento = In progress
demanda-concluida = Concluded
demanda-cancelada = Cancelled
demanda-late = was due on { $dia }
demanda-until = due { $dia }
demanda-mover = Move
demanda-mover-para = Move to
demanda-mover-one = Move { $titulo } to
demanda-concluir = Conclude
demanda-cancelar = Cancel request
demanda-cancelar-save = Confirm cancellation
demanda-converter = Convert to project
demanda-converter-note = The request is concluded, and the project keeps what was contracted. Each request becomes one project at most.
demanda-anexos = Attachments
demanda-anexos-none = No attachments.
demanda-anexo = What it is
demanda-anexo-proposta = Proposal
demanda-anexo-orcamento = Quotation
demanda-anexo-relatorio = Report
demanda-anexo-outro = Other document
demanda-anexar = Attach a file
demanda-anexar-help = PDF, DOCX, XLSX, PNG or JPG. It is also kept among the company's documents, in the folder Demandas.
demanda-passagens = Time in each stage
demanda-desde = since { $at }
demanda-delete-question = Move this request to the trash?
demanda-moved-to-trash = Request “{ $titulo }” moved to the trash.
demanda-conflict = Somebody else changed this request while you were writing. What you typed is still here: check it and save again.
dias-uteis = { $n ->
    [one] 1 working day
   *[other] { $n } working days
}
dias-inteiros = { $n ->
    [0] less than a day
    [one] 1 day
   *[other] { $n } days
}
lixeira-demanda = Request
mescla-demandas = { $n ->
    [one] 1 request
   *[other] { $n } requests
}
acervo-demanda = Requests
timeline-demanda = Requests
notice-demanda = Requests of mine or of my companies
notice-demanda-help = Created, given to me, moved to another stage, concluded, cancelled or converted by somebody else.
notice-demanda-prazo = Deadline of a request
notice-demanda-prazo-help = In the morning of the day before.
demanda-notice-registrada = { $nome } created a request: { $titulo } ({ $empresa }).
demanda-notice-atribuida = { $nome } gave you a request: { $titulo } ({ $empresa }).
demanda-notice-movida = { $nome } moved a request to { $etapa }: { $titulo } ({ $empresa }).
demanda-notice-concluida = { $nome } concluded a request: { $titulo } ({ $empresa }).
demanda-notice-cancelada = { $nome } cancelled a request: { $titulo } ({ $empresa }).
demanda-notice-convertida = { $nome } converted a request to a project: { $titulo } ({ $empresa }).
demanda-notice-prazo = A request is due on { $prazo }: { $titulo } ({ $empresa }).
demanda-told-registrada = Request created: { $titulo }
demanda-told-alterada = Request changed: { $titulo }
demanda-told-movida = Request in another stage: { $titulo }
demanda-told-concluida = Request concluded: { $titulo }
demanda-told-cancelada = Request cancelled: { $titulo }
demanda-told-reaberta = Request reopened: { $titulo }
demanda-told-convertida = Request converted to a project: { $titulo }
demanda-told-excluida = Request deleted: { $titulo }
demanda-told-restaurada = Request restored: { $titulo }
toast-demanda-registrada = Request created. Whoever answers for it was told.
toast-demanda-alterada = Request changed.
toast-demanda-movida = Request moved. Whoever follows was told.
toast-demanda-cancelada = Request cancelled. Whoever follows was told.
toast-demanda-reaberta = Request reopened.
toast-demanda-convertida = Project created. The request is concluded.
toast-demanda-anexo = File attached.
toast-demanda-restaurada = Request restored.
error-demanda-situacao = The request is no longer in the status this step needs. Open it again and see how it stands; one that has ended must be reopened first.
error-demanda-convertida = This request became a project already.
invalid-demanda-anexos = This request has too many files already.
invalid-demanda-arquivo = The file could not be kept. Check that it is whole, of an accepted kind and within the allowed size.
permission-relacionamento-demanda-ver = See requests
permission-relacionamento-demanda-registrar = Create requests
permission-relacionamento-demanda-alterar = Change, move, end and reopen requests
permission-relacionamento-demanda-excluir = Delete and restore requests
permission-relacionamento-demanda-exportar = Export requests
audit-demanda-registrada = Created a request
audit-demanda-alterada = Changed a request
audit-demanda-movida = Moved a request to another stage
audit-demanda-concluida = Concluded a request
audit-demanda-cancelada = Cancelled a request
audit-demanda-reaberta = Reopened a request
audit-demanda-convertida = Converted a request to a project
audit-demanda-excluida = Moved a request to the trash
audit-demanda-restaurada = Restored a request
audit-demanda-exportada = Exported requests
audit-entity-demanda = Request
projetos-title = Projects
projeto-title = Project
projetos-count = { $n ->
    [0] No projects
    [one] 1 project
   *[other] { $n } projects
}
projetos-all = { $n ->
    [one] See the project
   *[other] See all { $n } projects
}
projetos-empty = No projects yet
projetos-empty-hint = When a company contracts what it asked for, its request becomes a project.
projetos-empresa-empty = No projects of this company
projetos-search-hint = Title, company or owner
projeto-edit = Edit project
projeto-open = See the project
projeto-valor = Value
projeto-inicio = Start
projeto-fim = End
projeto-periodo = Period
projeto-concluido-at = Concluded
projeto-em-execucao = In execution
projeto-concluido = Concluded
projeto-cancelado = Cancelled
projeto-late = late
projeto-cancelar = Cancel project
projeto-delete-question = Move this project to the trash? Its request stays concluded.
projeto-conflict = Somebody else changed this project while you were writing. What you typed is still here: check it and save again.
lixeira-projeto = Project
acervo-projeto = Projects
timeline-projeto = Projects
projeto-told-criado = Project created: { $titulo }
projeto-told-alterado = Project changed: { $titulo }
projeto-told-concluido = Project concluded: { $titulo }
projeto-told-cancelado = Project cancelled: { $titulo }
projeto-told-reaberto = Project reopened: { $titulo }
projeto-told-excluido = Project deleted: { $titulo }
projeto-told-restaurado = Project restored: { $titulo }
toast-projeto-alterado = Project changed.
toast-projeto-concluido = Project concluded.
toast-projeto-cancelado = Project cancelled.
toast-projeto-reaberto = Project reopened.
toast-projeto-excluido = Project moved to the trash.
error-projeto-situacao = The project is no longer in the status this step needs. Open it again and see how it stands.
error-projeto-lixeira = The project of this request lies in the trash. Restore it instead of creating another.
error-projeto-aberta = The request of this project was reopened, cancelled or deleted: it cannot come back.
invalid-projeto-fim = The end cannot be before the start.
permission-relacionamento-projeto-ver = See projects
permission-relacionamento-projeto-alterar = Create, change and end projects
permission-relacionamento-projeto-excluir = Delete and restore projects
audit-projeto-criado = Created a project
audit-projeto-alterado = Changed a project
audit-projeto-concluido = Concluded a project
audit-projeto-cancelado = Cancelled a project
audit-projeto-reaberto = Reopened a project
audit-projeto-excluido = Moved a project to the trash
audit-projeto-restaurado = Restored a project
audit-entity-projeto = Project
invalid-demanda-empresa = The company of a request does not change: create another.
