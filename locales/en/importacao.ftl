# The preview of an import: rows set right and decided where they stand; files that wait for each other.
audit-importacao-ajustada = Corrected or decided rows in the preview of an import
audit-importacao-exportada = Downloaded the rows that an import left out
error-importacao-changed = The preview has changed since you opened it. Check it and confirm again.
error-importacao-linha-changed = Somebody else changed this row while you were looking at it. Check how it is now.
importacao-ajuste-como-todas = as with all
importacao-ajuste-linha = Row { $row }
importacao-ajuste-preferida = counts among the repeated ones
importacao-ajuste-todas = All that are registered already
importacao-ajustes = Corrections and choices made in the preview
importacao-cell-original = In the file: { $text }
importacao-diff-out = in the spreadsheet: { $text }
importacao-diffs =
    { $n ->
        [one] { $n } difference from the register
       *[other] { $n } differences from the register
    }
importacao-escolha-cadastrar = Register
importacao-escolha-como-todas = As with all: { $escolha }
importacao-escolha-help = Each row can have a choice of its own, in the list below. What the spreadsheet leaves blank never erases anything.
importacao-escolha-linha = What to do with row { $row }
importacao-escolha-preencher = Fill only the empty fields
importacao-escolha-pular = Skip
importacao-escolha-sobrescrever = Overwrite with the spreadsheet
importacao-escolha-todas =
    { $n ->
        [one] What to do with the row whose CNPJ is registered already
       *[other] What to do with the { $n } rows whose CNPJ is registered already
    }
importacao-fora-download =
    { $n ->
        [one] Download the row left out, with the reason
       *[other] Download the { $n } rows left out, with the reason
    }
importacao-fora-motivo = Reason
importacao-fora-title = Rows left out
importacao-linha-mudou = Somebody else changed this row while you were typing. It is shown as it is now, with what you typed still to be saved.
importacao-linha-preferir = Use this row
importacao-linha-salvar = Check row
importacao-moved =
    { $n ->
        [one] { $n } row was left out because the register changed after the preview.
       *[other] { $n } rows were left out because the register changed after the preview.
    }
importacao-tab-corrigidas = Corrected
importacao-tab-fora = Left out
importacao-tab-problemas = With remarks
importacao-unchanged =
    { $n ->
        [one] { $n } was like that already: nothing changed in it.
       *[other] { $n } were like that already: nothing changed in them.
    }
importacao-will-create =
    { $n ->
        [0] No company will be registered.
        [one] { $n } company will be registered.
       *[other] { $n } companies will be registered.
    }
importacao-will-leave =
    { $n ->
        [0] No row is left out.
        [one] { $n } row is left out.
       *[other] { $n } rows are left out.
    }
importacao-will-update =
    { $n ->
        [0] None will be updated.
        [one] { $n } will be updated.
       *[other] { $n } will be updated.
    }
invalid-cnpj-gone-since = The company left the register after the preview; the row was left out.
invalid-cnpj-registered-since = Somebody registered this CNPJ after the preview; the row was left out.
toast-importacao-escolha = Choice kept.
toast-linha-boa = Row ready to be imported.
toast-linha-mudou = Somebody else changed this row. Check how it is now.
toast-linha-recusada = The row still has problems.
toast-linha-repetida = The row repeats a CNPJ of the file.
toast-previa-mudou = The preview has changed since you opened it. Check it and confirm again.
importacao-next = Next in line: { $file }
importacao-queued = This file waits for its turn to be read.
importacao-refresh = Refresh
importacao-state-fila = In line
importacao-state-ilegivel = Could not be read
importacoes-reading =
    { $n ->
        [one] { $n } file waits for its turn to be read.
       *[other] { $n } files wait for their turn to be read.
    }
importacoes-unfinished =
    { $n ->
        [one] { $n } import of yours is not finished yet.
       *[other] { $n } imports of yours are not finished yet.
    }
invalid-files-too-many = Send at most { $max } files at once.
toast-importacoes-na-fila = Files received. They are read one after the other.
audit-importacao-cancelada = Called off the writing of an import
audit-importacao-confirmada = Confirmed a large import
audit-importacao-relida = Had a file of an import read once more
importacao-again = Try to read it again
importacao-cancel = Call off
importacao-cancelling = Calling it off
importacao-linha-abrir = Open the whole of row { $row }
importacao-linha-ajuda = All columns of the row. Enter checks it; a row that is ready leads to the next one of the list you came from.
importacao-linha-anterior = Previous row
importacao-linha-lista = Back to the list
importacao-linha-proxima = Next row
importacao-linha-resto = Columns that are not imported
importacao-new-etiquetas =
    { $n ->
        [one] { $n } label will be created
       *[other] { $n } labels will be created
    }
importacao-notice-ilegivel = The file “{ $file }” could not be read. You can try again.
importacao-notice-nao-gravada = The import of “{ $file }” could not be written. Nothing of it came in; you can confirm it again.
importacao-state-gravando = Being written
importacao-writing = The companies are being written. Until the end, none of them shows in the register.
importacao-writing-leave = You can leave this page: a notification tells you when it is done.
importacoes-writing =
    { $n ->
        [one] { $n } import is being written.
       *[other] { $n } imports are being written.
    }
invalid-etiqueta-not-listed = “{ $text }” is not on the list of labels, and you may not create it.
invalid-etiquetas-too-many = A company has { $max } labels at most.
invalid-etiquetas-too-many-new = A file makes { $max } new labels at most. Check that this is the column of labels.
invalid-importacao-fault = It could not be written after several attempts. Nothing was written; confirm it again.
invalid-importacao-forbidden = Whoever confirmed it may no longer import. Nothing was written.
invalid-importacao-outdated = The list of segments changed after the preview. Nothing was written; check and confirm again.
modelo-etiquetas = Several, parted by semicolons, like Fair 2026; Exporter. New names join the unit's list, if you may create them.
toast-importacao-cancelada = The writing was called off. Nothing was written.
toast-importacao-tarde = There is nothing left to call off.
