# Spreadsheets of visitas and demandas of the past.
permission-relacionamento-historico-importar = Import past visits and requests from spreadsheets
historico-import = Import
historico-import-visitas = Import visits
historico-import-demandas = Import requests
historico-import-sub = Bring the history from the spreadsheet you already use: we recognise the columns and show the problems before anything is saved.
historico-log-title = History imports
historico-log-sub = Who imported what, from which file, and what came of it.
historico-log-empty = No history spreadsheet yet
historico-file-help = XLSX or CSV of up to 8 MB and 10,000 rows. The companies have to be registered.
historico-modelo-hint = One row for each, on the first sheet. This one explains the columns.
historico-step-done = In the history
historico-especie = What it brings
historico-quando = When
historico-hora = Time
historico-recusadas = With problems
historico-count-imported = Imported
historico-repetidas = Already there
historico-prontas = Ready
historico-no-line = No row here.
historico-only-name = only the name is kept
historico-by-name = { $n ->
    [one] { $n } row names somebody who is not a user of this unit: only the name is kept.
   *[other] { $n } rows name somebody who is not a user of this unit: only the name is kept.
}
historico-will-import = { $n ->
    [0] No row goes into the history.
    [one] { $n } row goes into the history.
   *[other] { $n } rows go into the history.
}
historico-will-repeat = { $n ->
    [one] { $n } is already there or repeated and does not come in again.
   *[other] { $n } are already there or repeated and do not come in again.
}
historico-nobody-told = Nobody is notified of what is imported here.
historico-fora-download = Download the rows left out
historico-confirm = Confirm import
historico-imported = { $n ->
    [one] { $n } row is in the history
   *[other] { $n } rows are in the history
}
historico-imported-hint = They already show in the lists, on the companies’ pages and in the reports. If something went wrong, undo the whole import.
historico-see = See in the list
historico-undo-question = { $n ->
    [one] Move what this import brought to the trash? If somebody has touched it, it stays.
   *[other] Move the { $n } records of this import to the trash? Those that somebody has touched stay.
}
historico-undone = { $n ->
    [0] Nothing was undone
    [one] { $n } record went to the trash
   *[other] { $n } records went to the trash
}
historico-undone-hint = While they are in the trash they can be restored one by one.
historico-again = Import another spreadsheet
historico-kept = { $n ->
    [0] None stayed
    [one] { $n } stayed
   *[other] { $n } stayed
}
historico-kept-hint = Somebody changed or deleted them, or linked something to them, after the import.
historico-default-tipo = Type of rows that name none
historico-default-tipo-help = Counts only where the spreadsheet leaves the type blank.
historico-sem-motivo = Not given in the spreadsheet
historico-help-empresa = Legal or trade name, as registered. Not needed beside the CNPJ.
historico-help-cnpj = With or without punctuation. The safest way to find the company.
historico-help-inicio = The day, with or without a time: 10/02/2024 or 10/02/2024 14:30. Required, and not in the future.
historico-help-hora = The time, unless it stands beside the day: 14:30. Without one, 9:00 counts.
historico-help-fim = The time it ended, or day and time. Left blank, an hour after it began.
historico-help-responsavel = Name or e-mail. Of somebody who is not a user of this unit, only the name is kept.
historico-help-objetivo = What the visit was for. Required.
historico-help-situacao-visita = Done (realizada) or cancelled (cancelada). Left blank, done.
historico-help-motivo = Of a cancelled one: why.
historico-help-titulo = In a few words. Left blank, the beginning of the description.
historico-help-descricao = What the company needed. Left blank, the title again.
historico-help-tipo = One of the unit’s request types. Left blank, the one you choose in the preview.
historico-help-setor = One of the unit’s departments. May be left blank.
historico-help-situacao-demanda = One of the unit’s stages, or: open, in progress, done, cancelled. Left blank, done if there is a closing date, otherwise new.
historico-help-valor = As R$ 1.234,56. May be left blank.
historico-help-registrada = The day the request came. Required, and not in the future.
historico-help-prazo = May be left blank.
historico-help-encerrada = The day it was done or cancelled. Required for closed ones, and only for those.
invalid-historico-no-lines = There is no row in this spreadsheet.
invalid-historico-futuro = This day has not come yet. Only what has happened goes in here.
invalid-historico-hora = Write the time as 14:30.
invalid-historico-cnpj-unknown = No company that you see has this CNPJ. Register it first.
invalid-historico-empresa-unknown = No company that you see has this name. Use the CNPJ or register it first.
invalid-historico-empresa-many = More than one company has this name. Use the CNPJ.
invalid-historico-twice = Repeats row { $row }.
invalid-historico-registered = Already there.
invalid-historico-planejada = What is over was done or cancelled. To plan, use the calendar.
invalid-historico-situacao-visita = Use done or cancelled.
invalid-historico-tipo = There is no such type. Use one of these: { $list }.
invalid-historico-tipo-required = Name the type in the spreadsheet, or choose one for rows that name none.
invalid-historico-setor = There is no such department. Use one of these: { $list }.
invalid-historico-etapa = There is no such stage. Use one of these: { $list }.
invalid-historico-encerrada = It ended before it began: check both dates.
invalid-historico-encerrada-required = Say on which day it ended.
invalid-historico-aberta = It is still open but has a closing date. Check the stage.
error-historico-changed = What would be saved has changed since you saw the preview. Check it and confirm again.
error-historico-nothing = No row is ready. Correct the spreadsheet or the columns.
error-historico-not-done = Only a completed import can be undone.
toast-historico-importado = History imported.
toast-historico-descartado = Import discarded. Nothing was saved.
toast-historico-desfeito = Import undone.
acervo-historico = History spreadsheets
audit-historico-importado = Imported history from a spreadsheet
audit-historico-desfeito = Undid a history import
audit-historico-exportado = Downloaded the rows left out of a history import
audit-entity-historico_importacao = History import
audit-visita-importada = Imported a past visit
audit-demanda-importada = Imported a past request
visita-told-importada = Visit of { $at } imported from a spreadsheet
demanda-told-importada = Request imported from a spreadsheet: { $titulo }
