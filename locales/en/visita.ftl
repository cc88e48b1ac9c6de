visitas-title = Visits
visita-title = Technical visit
visitas-count = { $n ->
    [0] No visits
    [one] 1 visit
   *[other] { $n } visits
}
visitas-all = { $n ->
    [one] See the visit
   *[other] See all { $n } visits
}
visitas-empty = No visits yet
visitas-empty-hint = Plan the first one: choose the company, the day and who goes. Whoever goes is told and reminded.
visitas-empresa-empty = No visits to this company
visitas-empresa-empty-hint = What is talked about at each visit is kept here.
visitas-search-hint = Purpose, summary, company or technician
visita-busca = Search
visitas-de = From
visitas-ate = Until
visita-new = Plan a visit
visita-edit = Edit visit
visita-where = Where
visita-empresa = Company
visita-inicio = Start
visita-fim = End
visita-dia = Day
visita-hora-inicio = From
visita-hora-fim = Until
visita-until = until { $hora }
visita-responsavel = Technician in charge
visita-situacao = Status
visita-objetivo = Purpose
visita-local = Place
visita-local-help = Left blank, it is the company's address.
visita-participantes = Who goes
visita-colegas = Colleagues who go along
visita-contatos = People of the company
visita-nobody = Nobody to choose from.
visita-nobody-else = Only the technician in charge.
visita-resumo = Summary
visita-resumo-help = What was seen, talked about and agreed.
visita-proximos-passos = Next steps
visita-proximos-passos-help = What to do next, one to a line.
visita-motivo = Why it was cancelled
visita-motivo-help = It stays in the history of the visit, and whoever would have gone is told.
visita-planejada = Planned
visita-realizada = Done
visita-cancelada = Cancelled
visita-late = not reported
visita-remarcar = Reschedule
visita-realizar = Report result
visita-realizar-save = Report as done
visita-relatar = Edit report
visita-cancelar = Cancel visit
visita-cancelar-save = Cancel the visit
visita-reabrir = Reopen
visita-reabrir-question = Put this visit back to planned? Its report is kept.
visita-print = Print
visita-delete-question = Move this visit to the trash?
visita-tell = The visit has begun. When it is over, report what was talked about.
visita-overlap = { $nome } has another visit at the same time, from { $de } until { $ate }:
visita-conflict = Somebody else changed this visit while you were writing. What you typed is still here: check it and save again.
visita-moved-to-trash = Visit to { $empresa } on { $at } moved to the trash.
visita-chegar = I am here
visita-chegar-help = Notes the time and, if the browser may tell, where you are.
visita-chegada = Arrival
visita-chegada-where = see on the map
visita-relatorios = Reports
visita-relatorios-none = No report attached.
visita-relatorio-send = Attach a report
visita-relatorio-help = PDF or DOCX. It is among the company's documents too, in the folder of visits.
visita-relatorio-title = Report of a technical visit
visita-campo = Field
visita-valor = Content
visitas-por-situacao = Visits by status
visitas-por-responsavel = Visits by technician
lixeira-visita = Visit
mescla-visitas = { $n ->
    [one] 1 visit
   *[other] { $n } visits
}
acervo-visita = Visits
timeline-visita = Visits
notice-visita = Visits I go to, or to companies of mine
notice-visita-help = Planned, rescheduled, changed, cancelled or reopened by somebody else.
notice-visita-lembrete = Reminder of a visit
notice-visita-lembrete-help = A day before, or an hour before when it was planned late.
visita-notice-planejada = { $nome } planned a visit: { $empresa }, { $at }.
visita-notice-remarcada = { $nome } rescheduled the visit: { $empresa }, now { $at }.
visita-notice-alterada = { $nome } changed the visit: { $empresa }, { $at }.
visita-notice-cancelada = { $nome } cancelled the visit: { $empresa }, { $at }.
visita-notice-reaberta = { $nome } reopened the visit: { $empresa }, { $at }.
visita-notice-lembrete = Reminder of a visit: { $empresa }, { $at }.
visita-told-planejada = Visit planned for { $at }
visita-told-alterada = Visit changed ({ $at })
visita-told-remarcada = Visit rescheduled to { $at }
visita-told-realizada = Visit done ({ $at })
visita-told-relatada = Report of the visit changed ({ $at })
visita-told-cancelada = Visit cancelled ({ $at })
visita-told-reaberta = Visit reopened ({ $at })
visita-told-chegada = Arrival at the visit ({ $at })
visita-told-excluida = Visit deleted ({ $at })
visita-told-restaurada = Visit restored ({ $at })
toast-visita-planejada = Visit planned. Whoever goes was told.
toast-visita-alterada = Visit changed.
toast-visita-remarcada = Visit rescheduled. Whoever goes was told.
toast-visita-realizada = Visit reported as done.
toast-visita-cancelada = Visit cancelled. Whoever would have gone was told.
toast-visita-reaberta = Visit reopened.
toast-visita-chegada = Arrival noted.
toast-visita-relatorio = Report attached.
toast-visita-restaurada = Visit restored.
error-visita-situacao = The visit is no longer where this step begins. Open it again and see how it stands.
error-visita-futura = The visit has not begun: its result can be reported afterwards.
invalid-visita-fim = The end must come after the start.
invalid-visita-longa = A visit lasts a day at most. For more days, plan one for each.
invalid-visita-responsavel = Choose an active person of the unit.
invalid-visita-participante = Somebody on the list cannot go: choose active people of the unit and contacts of this company, 50 at most.
invalid-visita-relatorio = The report must be a PDF or a DOCX.
invalid-visita-arquivo = The file could not be kept. Check that it is a whole PDF or DOCX within the size allowed.
invalid-visita-empresa = The company of a visit does not change: plan another one.
invalid-hora = Write the time as 14:30.
invalid-hora-none = This time did not exist: the clocks were put forward.
permission-relacionamento-visita-ver = See visits
permission-relacionamento-visita-registrar = Plan visits
permission-relacionamento-visita-alterar = Change, reschedule, cancel and report visits
permission-relacionamento-visita-excluir = Delete and restore visits
permission-relacionamento-visita-exportar = Export visits
audit-visita-planejada = Planned a visit
audit-visita-alterada = Changed a visit
audit-visita-remarcada = Rescheduled a visit
audit-visita-realizada = Reported the result of a visit
audit-visita-relatada = Changed the report of a visit
audit-visita-cancelada = Cancelled a visit
audit-visita-reaberta = Reopened a visit
audit-visita-chegada = Noted the arrival at a visit
audit-visita-excluida = Moved a visit to the trash
audit-visita-restaurada = Restored a visit
audit-visita-exportada = Exported visits
audit-visita-impressa = Printed a visit
audit-entity-visita = Visit
desatendidas-title = Companies not visited
desatendidas-count = { $n ->
    [0] No companies
    [one] 1 company
   *[other] { $n } companies
}
desatendidas-months = { $n ->
    [one] 1 month
   *[other] { $n } months
}
desatendidas-since = Not visited for
desatendidas-last = Last visit
desatendidas-never = never
desatendidas-none = No company waiting
desatendidas-none-hint = All of them were visited within that time or have a visit planned.
