# The preview of an import: rows set right and decided where they stand; files that wait for each other.
audit-importacao-ajustada = Corrigiu ou decidiu linhas na prévia de uma importação
audit-importacao-exportada = Baixou as linhas que ficaram de fora de uma importação
error-importacao-changed = A prévia mudou desde que você a abriu. Confira-a e confirme de novo.
error-importacao-linha-changed = Outra pessoa mexeu nesta linha enquanto você a via. Confira como ela está agora.
importacao-ajuste-como-todas = como todas
importacao-ajuste-linha = Linha { $row }
importacao-ajuste-preferida = vale entre as repetidas
importacao-ajuste-todas = Todas as já cadastradas
importacao-ajustes = Correções e escolhas feitas na prévia
importacao-cell-original = No arquivo: { $text }
importacao-diff-out = na planilha: { $text }
importacao-diffs =
    { $n ->
        [one] { $n } diferença do cadastro
       *[other] { $n } diferenças do cadastro
    }
importacao-escolha-cadastrar = Cadastrar
importacao-escolha-como-todas = Como todas: { $escolha }
importacao-escolha-help = Cada linha pode ter uma escolha própria, na lista abaixo. O que a planilha deixa em branco nunca apaga nada.
importacao-escolha-linha = O que fazer com a linha { $row }
importacao-escolha-preencher = Preencher só os campos vazios
importacao-escolha-pular = Pular
importacao-escolha-sobrescrever = Sobrescrever com a planilha
importacao-escolha-todas =
    { $n ->
        [one] O que fazer com a linha cujo CNPJ já está cadastrado
       *[other] O que fazer com as { $n } linhas cujo CNPJ já está cadastrado
    }
importacao-fora-download =
    { $n ->
        [one] Baixar a linha que fica de fora, com o motivo
       *[other] Baixar as { $n } linhas que ficam de fora, com o motivo
    }
importacao-fora-motivo = Motivo
importacao-fora-title = Linhas de fora
importacao-linha-mudou = Outra pessoa mexeu nesta linha enquanto você digitava. Ela é mostrada como está agora, com o que você digitou ainda por salvar.
importacao-linha-preferir = Usar esta linha
importacao-linha-salvar = Conferir linha
importacao-moved =
    { $n ->
        [one] { $n } linha ficou de fora porque o cadastro mudou depois da prévia.
       *[other] { $n } linhas ficaram de fora porque o cadastro mudou depois da prévia.
    }
importacao-tab-corrigidas = Corrigidas
importacao-tab-fora = Ficaram de fora
importacao-tab-problemas = Com observações
importacao-unchanged =
    { $n ->
        [one] { $n } já estava assim: nada mudou nela.
       *[other] { $n } já estavam assim: nada mudou nelas.
    }
importacao-will-create =
    { $n ->
        [0] Nenhuma empresa será cadastrada.
        [one] { $n } empresa será cadastrada.
       *[other] { $n } empresas serão cadastradas.
    }
importacao-will-leave =
    { $n ->
        [0] Nenhuma linha fica de fora.
        [one] { $n } linha fica de fora.
       *[other] { $n } linhas ficam de fora.
    }
importacao-will-update =
    { $n ->
        [0] Nenhuma será atualizada.
        [one] { $n } será atualizada.
       *[other] { $n } serão atualizadas.
    }
invalid-cnpj-gone-since = A empresa saiu do cadastro depois da prévia; a linha ficou de fora.
invalid-cnpj-registered-since = Alguém cadastrou este CNPJ depois da prévia; a linha ficou de fora.
toast-importacao-escolha = Escolha guardada.
toast-linha-boa = Linha pronta para importar.
toast-linha-mudou = Outra pessoa mexeu nesta linha. Confira como ela está agora.
toast-linha-recusada = A linha ainda tem problemas.
toast-linha-repetida = A linha repete um CNPJ do arquivo.
toast-previa-mudou = A prévia mudou desde que você a abriu. Confira e confirme de novo.
importacao-next = Próxima da fila: { $file }
importacao-queued = Este arquivo espera a vez de ser lido.
importacao-refresh = Atualizar
importacao-state-fila = Na fila
importacao-state-ilegivel = Não pôde ser lido
importacoes-reading =
    { $n ->
        [one] { $n } arquivo espera a vez de ser lido.
       *[other] { $n } arquivos esperam a vez de ser lidos.
    }
importacoes-unfinished =
    { $n ->
        [one] { $n } importação sua ainda não terminou.
       *[other] { $n } importações suas ainda não terminaram.
    }
invalid-files-too-many = Envie no máximo { $max } arquivos de uma vez.
toast-importacoes-na-fila = Arquivos recebidos. Eles são lidos um depois do outro.
audit-importacao-cancelada = Interrompeu a gravação de uma importação
audit-importacao-confirmada = Confirmou uma importação grande
audit-importacao-relida = Mandou ler de novo um arquivo de importação
importacao-again = Tentar ler de novo
importacao-cancel = Interromper
importacao-cancelling = Interrompendo
importacao-linha-abrir = Abrir a linha { $row } inteira
importacao-linha-ajuda = Todas as colunas da linha. Enter confere; uma linha pronta leva à próxima da lista de onde você veio.
importacao-linha-anterior = Linha anterior
importacao-linha-lista = Voltar à lista
importacao-linha-proxima = Próxima linha
importacao-linha-resto = Colunas que não são importadas
importacao-new-etiquetas =
    { $n ->
        [one] { $n } etiqueta será criada
       *[other] { $n } etiquetas serão criadas
    }
importacao-notice-ilegivel = O arquivo “{ $file }” não pôde ser lido. Você pode tentar de novo.
importacao-notice-nao-gravada = A importação de “{ $file }” não pôde ser gravada. Nada dela entrou; você pode confirmar de novo.
importacao-state-gravando = Gravando
importacao-writing = As empresas estão sendo gravadas. Até o fim, nada delas aparece no cadastro.
importacao-writing-leave = Você pode sair desta página: uma notificação avisa quando terminar.
importacoes-writing =
    { $n ->
        [one] { $n } importação está sendo gravada.
       *[other] { $n } importações estão sendo gravadas.
    }
invalid-etiqueta-not-listed = “{ $text }” não está na lista de etiquetas, e você não tem permissão para criá-la.
invalid-etiquetas-too-many = Uma empresa tem no máximo { $max } etiquetas.
invalid-etiquetas-too-many-new = Um arquivo cria no máximo { $max } etiquetas novas. Confira se esta é mesmo a coluna de etiquetas.
invalid-importacao-fault = A gravação não foi até o fim depois de várias tentativas. Nada foi gravado; confirme de novo.
invalid-importacao-forbidden = Quem confirmou não tem mais permissão para importar. Nada foi gravado.
invalid-importacao-outdated = A lista de segmentos mudou depois da prévia. Nada foi gravado; confira e confirme de novo.
modelo-etiquetas = Várias separadas por ponto e vírgula, como Feira 2026; Exportadora. Nomes novos entram na lista da unidade, se você puder criá-los.
toast-importacao-cancelada = Gravação interrompida. Nada foi gravado.
toast-importacao-tarde = Já não há o que interromper.
