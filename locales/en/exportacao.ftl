# Exports: what is in the file, large ones that a job makes.
audit-exportacao-baixada = Downloaded an exported file
audit-exportacao-cancelada = Cancelled an export
audit-exportacao-pedida = Asked for a large export
exportacao-asked = Asked for on
exportacao-bytes = Size
exportacao-cancel = Cancel
exportacao-download = Download
exportacao-download-of = Download { $file }
exportacao-leave = You may leave this page: a notification tells you when the file is ready.
exportacao-notice =
    The export “{ $file }” is ready: { $n_rows ->
        [one] 1 company
       *[other] { $n_rows } companies
    }.
exportacao-notice-falhou = The export “{ $file }” could not be made.
exportacao-reason-fault = Something went wrong while the file was being made. Ask for it again.
exportacao-reason-forbidden = Whoever asked for it may no longer export.
exportacao-rows = Companies
exportacao-state-cancelada = Cancelled
exportacao-state-expirada = Expired
exportacao-state-falhou = Failed
exportacao-state-fila = In line
exportacao-state-gerando = Being made
exportacao-state-pronta = Ready
exportacao-title = Export
exportacao-until = Available until
exportacoes-empty = No large exports yet
exportacoes-empty-hint = Small files download at once. Large ones are made in the background and stay here for 7 days.
exportacoes-sub = Only you see and download the files that you asked for. Each is kept for 7 days.
exportacoes-title = Exports
export-por-porte = Companies by size
export-por-segmento = Companies by segment (10 largest)
export-por-situacao = Companies by status
export-por-uf = Companies by state
export-sem-porte = No size
export-sem-segmento = No segment
export-sem-uf = No state
exportar-all =
    { $n ->
        [one] All that you may see: { $n } company
       *[other] All that you may see: { $n } companies
    }
exportar-filtered =
    { $n ->
        [one] Only the filters applied: { $n } company
       *[other] Only the filters applied: { $n } companies
    }
exportar-format = Format
exportar-long = Above { $max } rows (PDF: { $limit }), the file is made in the background and you are told when it is ready.
exportar-more = Choose what to export…
exportar-send = Export
exportar-title = Export companies
exportar-what = What to export
toast-exportacao-cancelada = Export cancelled.
exportacao-again = Ask again
