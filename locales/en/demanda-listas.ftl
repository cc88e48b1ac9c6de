tipos-title = Kinds of requests
tipos-sub = What a company may ask for, and in how many working days it is met.
tipos-none = No kinds
tipos-none-hint = Add the first; it appears in the form of requests.
tipo-new = New kind
tipo-change = Name, deadline and colour
tipo-merge = Merge with another
tipo-merge-help = The requests of this kind go to the other, and this one leaves the list.
tipo-merge-question = Merge { $nome }? Its requests go to the other kind. This cannot be undone.
tipo-into = Kind that stays
tipo-delete = Delete kind
tipo-delete-question = Delete { $nome }? No request uses it.
tipo-in-use = { $n ->
    [0] No request uses this kind.
    [one] One request uses this kind.
   *[other] { $n } requests use this kind.
}
toast-tipo-registrado = Kind added.
toast-tipo-alterado = Kind changed.
toast-tipo-mesclado = Kinds merged.
toast-tipo-excluido = Kind deleted.
permission-relacionamento-tipo-gerir = Keep the list of kinds of requests
audit-demanda-tipo-registrado = Added a kind of requests
audit-demanda-tipo-alterado = Changed a kind of requests
audit-demanda-tipo-mesclado = Merged a kind of requests into another
audit-demanda-tipo-excluido = Deleted a kind of requests
audit-entity-demanda-tipo = Kind of requests
setores-title = Departments
setores-sub = Who within the unit answers for a request.
setores-none = No departments
setores-none-hint = Add the first; it appears in the form of requests.
setor-new = New department
setor-change = Name
setor-merge = Merge with another
setor-merge-help = The requests of this department go to the other, and this one leaves the list.
setor-merge-question = Merge { $nome }? Its requests go to the other department. This cannot be undone.
setor-into = Department that stays
setor-delete = Delete department
setor-delete-question = Delete { $nome }? No request uses it.
setor-in-use = { $n ->
    [0] No request uses this department.
    [one] One request uses this department.
   *[other] { $n } requests use this department.
}
toast-setor-registrado = Department added.
toast-setor-alterado = Department changed.
toast-setor-mesclado = Departments merged.
toast-setor-excluido = Department deleted.
permission-relacionamento-setor-gerir = Keep the list of departments
audit-setor-registrado = Added a department
audit-setor-alterado = Changed a department
audit-setor-mesclado = Merged a department into another
audit-setor-excluido = Deleted a department
audit-entity-setor = Department
tipo-prazo = Deadline in working days
tipo-prazo-help = Left open, a request of this kind has no deadline of its own. It counts for the next ones.
invalid-tipo-prazo = The deadline is 1 to 365 working days.
demandas-na-lixeira = { $n ->
    [one] 1 request in the trash
   *[other] { $n } requests in the trash
}
