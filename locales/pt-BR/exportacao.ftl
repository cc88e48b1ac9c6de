# Exports: what is in the file, large ones that a job makes.
audit-exportacao-baixada = Baixou um arquivo exportado
audit-exportacao-cancelada = Cancelou uma exportação
audit-exportacao-pedida = Pediu uma exportação grande
exportacao-asked = Pedida em
exportacao-bytes = Tamanho
exportacao-cancel = Cancelar
exportacao-download = Baixar
exportacao-download-of = Baixar { $file }
exportacao-leave = Você pode sair desta página: quando o arquivo estiver pronto, uma notificação avisa.
exportacao-notice =
    A exportação “{ $file }” está pronta: { $n_rows ->
        [one] { $n_rows } empresa
       *[other] { $n_rows } empresas
    }.
exportacao-notice-falhou = A exportação “{ $file }” não pôde ser feita.
exportacao-reason-fault = Algo deu errado ao gerar o arquivo. Peça-o de novo.
exportacao-reason-forbidden = Quem pediu não tem mais permissão para exportar.
exportacao-rows = Empresas
exportacao-state-cancelada = Cancelada
exportacao-state-expirada = Expirada
exportacao-state-falhou = Falhou
exportacao-state-fila = Na fila
exportacao-state-gerando = Gerando
exportacao-state-pronta = Pronta
exportacao-title = Exportação
exportacao-until = Disponível até
exportacoes-empty = Nenhuma exportação grande ainda
exportacoes-empty-hint = Arquivos pequenos baixam na hora. Os grandes são gerados em segundo plano e aparecem aqui por 7 dias.
exportacoes-sub = Só você vê e baixa os arquivos que pediu. Cada um fica guardado por 7 dias.
exportacoes-title = Exportações
export-por-porte = Empresas por porte
export-por-segmento = Empresas por segmento (10 maiores)
export-por-situacao = Empresas por situação
export-por-uf = Empresas por UF
export-sem-porte = Sem porte
export-sem-segmento = Sem segmento
export-sem-uf = Sem UF
exportar-all =
    { $n ->
        [one] Tudo o que você pode ver: { $n } empresa
       *[other] Tudo o que você pode ver: { $n } empresas
    }
exportar-filtered =
    { $n ->
        [one] Só os filtros aplicados: { $n } empresa
       *[other] Só os filtros aplicados: { $n } empresas
    }
exportar-format = Formato
exportar-long = Acima de { $max } linhas (PDF: { $limit }), o arquivo é gerado em segundo plano e você é avisado quando ficar pronto.
exportar-more = Escolher o que exportar…
exportar-send = Exportar
exportar-title = Exportar empresas
exportar-what = O que exportar
toast-exportacao-cancelada = Exportação cancelada.
exportacao-again = Pedir de novo
