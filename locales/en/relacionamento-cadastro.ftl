# Stages of requests and the unit's holidays.
etapas-title = Stages of requests
etapas-sub = What a request passes through from its arrival to its end: names, colours and order are the unit's own.
etapas-none = No stages
etapas-none-hint = Add the first; it becomes a column of the board.
etapa-new = New stage
etapa-situacao-help = What the stage means to deadlines, reports and filters. It does not change afterwards.
etapa-change = Name and colour
etapa-padrao = Default
etapa-padrao-help = It is the default stage of its status: requests come into it when no other is chosen. It may be renamed, recoloured and moved, but it stays on the list.
etapa-merge = Merge with another
etapa-merge-help = The requests of this stage, and those that passed through it, go to the other, of the same status. This one leaves the list.
etapa-merge-question = Merge { $nome }? Its requests go to the other stage. This cannot be undone.
etapa-into = Stage that stays
etapa-delete = Delete stage
etapa-delete-question = Delete { $nome }? No request is or was in it.
etapa-in-use = { $n ->
    [0] No request is or was in this stage.
    [one] One request is or was in this stage.
   *[other] { $n } requests are or were in this stage.
}
etapa-passadas = { $n ->
    [one] 1 request was in it and went on
   *[other] { $n } requests were in it and went on
}
toast-etapa-registrada = Stage added.
toast-etapa-alterada = Stage changed.
toast-etapa-mesclada = Stages merged.
toast-etapa-excluida = Stage deleted.
toast-etapa-movida = Order changed.
permission-relacionamento-etapa-gerir = Keep the stages of requests
audit-demanda-etapa-registrada = Added a stage of requests
audit-demanda-etapa-alterada = Changed a stage of requests
audit-demanda-etapa-mesclada = Merged a stage of requests into another
audit-demanda-etapa-excluida = Deleted a stage of requests
audit-demanda-etapa-movida = Changed the order of the stages of requests
audit-entity-demanda-etapa = Stage of requests

feriados-title = Holidays of the unit
feriados-sub = Days on which the unit does not work, besides the national holidays.
feriados-note = Deadlines in working days that are set from now on leap over these days. Those that are set already stay as they are.
feriados-anos = Year
feriados-nacionais = { $n ->
    [one] 1 national
   *[other] { $n } national
}
feriados-proprios = { $n ->
    [0] none of the unit
    [one] 1 of the unit
   *[other] { $n } of the unit
}
feriado-data = Day
feriado-nome = Name
feriado-acoes = Remove
feriado-nacional = National
feriado-fim-de-semana = Falls on a weekend: it changes no deadline.
feriado-remove = Remove { $nome }
feriado-remove-question = Remove { $nome }, { $data }? Deadlines that are set from now on count it as a working day.
feriado-gone = This day had left the list already.
toast-feriado-registrado = Holiday added.
toast-feriado-excluido = Holiday removed.
error-feriado-taken = This day is on the list already.
error-feriado-nacional = This day is a national holiday and counts as one already.
error-feriado-ano = Choose a day from 2000 to 2099.
invalid-feriado-taken = This day is on the unit's list already.
invalid-feriado-nacional = It is a national holiday: deadlines leap over it already.
invalid-feriado-ano = Choose a day from 2000 to 2099.
permission-relacionamento-feriado-gerir = Keep the holidays of the unit
audit-feriado-registrado = Added a holiday of the unit
audit-feriado-excluido = Removed a holiday of the unit
audit-entity-feriado = Holiday of the unit
feriado-confraternizacao-universal = New Year's Day
feriado-sexta-feira-santa = Good Friday
feriado-tiradentes = Tiradentes Day
feriado-dia-do-trabalho = Labour Day
feriado-independencia = Independence Day
feriado-nossa-senhora-aparecida = Our Lady of Aparecida
feriado-finados = All Souls' Day
feriado-proclamacao-da-republica = Proclamation of the Republic
feriado-consciencia-negra = Black Awareness Day
feriado-natal = Christmas Day
