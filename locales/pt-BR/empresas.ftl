# The company register and its spreadsheets.
empresas-title = Empresas
empresas-count =
    { $n ->
        [0] nenhuma empresa
        [one] { $n } empresa
       *[other] { $n } empresas
    }
empresas-new = Nova empresa
empresas-import = Importar
empresas-import-file = Importar planilha
empresas-export = Exportar
empresas-search-hint = Nome, CNPJ, cidade ou segmento
empresas-pick-all = Selecionar todas as { $n }
empresas-pick-filter = Selecionar todas as { $n } deste filtro
empresas-picked-many = { $n } selecionadas
empresas-picked-one = 1 selecionada
empresas-similar = Nenhuma empresa tem exatamente estas palavras. Estas são parecidas.
empresas-empty = Nenhuma empresa ainda
empresas-empty-hint = Traga a planilha que você já usa: reconhecemos as colunas e mostramos os problemas antes de gravar.
empresas-empty-own = Aqui ficam as empresas que você pode ver. Cadastre uma, ou peça a quem coordena que passe as suas para você.
empresas-column-empresa = Empresa
empresas-column-updated = Atualização
empresas-column-actions = Ações
empresa-busca = Busca
empresa-cnpj = CNPJ
empresa-cnpj-help = Com ou sem pontos; os novos têm letras.
empresa-nome = Razão social
empresa-nome-fantasia = Nome fantasia
empresa-inscricao-estadual = Inscrição estadual
empresa-inscricao-estadual-help = Número ou ISENTO.
empresa-cnae = CNAE
empresa-cnae-help = O código, ou palavras da atividade: estruturas metálicas.
empresa-segmento = Segmento
empresa-porte = Porte
empresa-situacao = Situação
empresa-email = E-mail
empresa-telefone = Telefone
empresa-site = Site
empresa-cep = CEP
empresa-logradouro = Logradouro
empresa-numero = Número
empresa-complemento = Complemento
empresa-complemento-help = Andar, sala, galpão, portaria.
empresa-bairro = Bairro
empresa-municipio = Município
empresa-municipio-help = O nome como na lista do IBGE; os acentos não importam.
empresa-uf = UF
empresa-municipio-id = Código IBGE
empresa-contato-nome = Contato
empresa-contato-cargo = Cargo
empresa-responsavel = Responsável
empresa-sem-responsavel = Sem responsável
empresa-data-fundacao = Data de fundação
empresa-faturamento = Faturamento anual
empresa-funcionarios = Funcionários
empresa-observacoes = Observações
empresa-data-cadastro = Data de cadastro
empresa-data-cadastro-help = Posta pelo sistema; só administradores a mudam.
empresa-section-identificacao = Identificação
empresa-section-cadastro = Cadastro
empresa-section-contato = Contato principal
empresa-section-endereco = Endereço
empresa-section-outros = Outros dados
empresa-section-observacoes = Observações
empresa-section-recent = Últimas mudanças
empresa-recent-all = Linha do tempo
empresa-key-facts = Dados principais
empresa-tab-geral = Visão geral
empresa-tab-mapa = Mapa
empresa-auditoria-sub = Tudo o que foi registrado sobre esta empresa, como aconteceu. Nada aqui pode ser alterado.
empresa-edit-field = Alterar { $campo }
empresa-edit-whole = Formulário completo
empresa-no-observacoes = Nada anotado.
empresa-no-history = Nenhuma mudança desde o cadastro.
empresa-registrada = Empresa cadastrada
empresa-alterada = Cadastro alterado
empresa-alterada-lote =
    { $n ->
        [one] Alterada em lote
       *[other] Alterada em lote: { $n } empresas de uma vez
    }
empresa-atualizada = Atualizada pela planilha { $file }
empresa-importada = Cadastrada pela planilha { $file }
empresa-excluida = Movida para a lixeira
empresa-restaurada = Restaurada da lixeira
empresa-lote-desfeito =
    { $n ->
        [one] Alteração em lote desfeita
       *[other] Alteração em lote desfeita: { $n } empresas de uma vez
    }
empresa-desfeita = Foi para a lixeira: a importação de { $file } foi desfeita
empresa-revertida = Voltou ao que era: a importação de { $file } foi desfeita
empresa-updated = Atualizada
empresa-open = Abrir
empresa-edit = Editar
empresa-delete = Excluir
empresa-delete-title = Excluir empresa
empresa-delete-question = { $nome } vai para a lixeira, de onde pode ser restaurada. Continuar?
empresa-moved-to-trash = { $nome } foi para a lixeira.
lote-situacao-title = Mudar situação
lote-situacao-field = Nova situação
lote-situacao-confirm =
    { $n ->
        [one] Mudar situação de { $n } empresa
       *[other] Mudar situação de { $n } empresas
    }
lote-responsavel-title = Atribuir responsável
lote-responsavel-field = Novo responsável
lote-responsavel-confirm =
    { $n ->
        [one] Atribuir responsável a { $n } empresa
       *[other] Atribuir responsável a { $n } empresas
    }
lote-excluir-title = Mover para a lixeira
lote-excluir-hint = O que está na lixeira pode ser restaurado.
lote-excluir-confirm =
    { $n ->
        [one] Mover { $n } empresa para a lixeira
       *[other] Mover { $n } empresas para a lixeira
    }
lote-exportar = Exportar seleção
lote-all = Todas as empresas da lista.
lote-filter = Todas deste filtro:
lote-more =
    { $n ->
        [one] e mais { $n } empresa
       *[other] e mais { $n } empresas
    }
lote-moved = Eram { $seen }; agora são { $n }. Confira antes de confirmar.
lote-too-many = São { $n } empresas. De uma vez mudam no máximo { $max }: filtre a lista e faça em partes.
lote-back = Voltar para a lista
lote-changed =
    { $n ->
        [one] { $n } empresa alterada.
       *[other] { $n } empresas alteradas.
    }
lote-excluded =
    { $n ->
        [one] { $n } empresa foi para a lixeira.
       *[other] { $n } empresas foram para a lixeira.
    }
lote-unchanged =
    { $n ->
        [one] { $n } já estava assim.
       *[other] { $n } já estavam assim.
    }
lote-nothing = Nada mudou.
lote-undone =
    { $n ->
        [0] Nenhuma empresa voltou ao que era.
        [one] { $n } empresa voltou ao que era.
       *[other] { $n } empresas voltaram ao que eram.
    }
lote-kept =
    { $n ->
        [one] { $n } mudou desde então e ficou como está.
       *[other] { $n } mudaram desde então e ficaram como estão.
    }
empresa-new-title = Nova empresa
empresa-edit-title = Editar empresa
empresa-conflict = Outra pessoa mudou esta empresa enquanto você a editava. Escolha o que vale em cada campo e salve de novo.
empresa-conflict-title = Campos em conflito
empresa-conflict-theirs = Como está agora:
empresa-conflict-mine = O que você digitou:
consulta-cnpj = Buscar dados do CNPJ
consulta-cep = Buscar endereço
consulta-asking = Consultando…
consulta-waiting = { $lugar }º da fila, cerca de { $segundos } s. Pode continuar a preencher.
consulta-found = Dados da Receita Federal de { $data }, por { $provedor }.
consulta-old = A consulta não está disponível agora. Estes são os dados de { $data }, por { $provedor }.
consulta-unavailable = A consulta não está disponível agora. Preencha à mão ou tente mais tarde.
consulta-absent = A Receita Federal não conhece este CNPJ.
consulta-cep-found = Endereço do CEP.
consulta-cep-absent = Este CEP não existe.
consulta-cep-unavailable = A consulta do CEP não está disponível agora. Preencha à mão.
consulta-filled = Preenchido pela consulta
consulta-filled-fields = Preenchidos:
consulta-other = Na consulta:
consulta-other-fields = Diferentes do que você digitou:
consulta-use = Usar
consulta-undo = Desfazer
receita-ativa = Ativa
receita-suspensa = Suspensa
receita-inapta = Inapta
receita-baixada = Baixada
receita-nula = Nula
empresa-receita = Situação na Receita Federal
empresa-receita-chip = Receita
empresa-receita-never = Nunca consultada
empresa-receita-at = consultada em { $at }
empresa-receita-since = desde { $day }, consultada em { $at }
empresa-consultar = Consultar de novo
empresa-consultar-first = Consultar agora
porte-mei = MEI
porte-me = ME
porte-epp = EPP
porte-medio = Médio
porte-grande = Grande
situacao-ativo = Ativo
situacao-inativo = Inativo
situacao-prospect = Prospect
situacao-estrategico = Estratégico
lixeira-title = Lixeira
lixeira-empty = A lixeira está vazia
lixeira-empty-hint = O que alguém excluir espera aqui até ser restaurado.
lixeira-restore = Restaurar
lixeira-since = Na lixeira
export-page = Página { $page } de { $pages }
export-total = Total
export-summary = Resumo
export-picked = Seleção
export-empty = Nenhuma empresa com estes filtros.
export-yes = Sim
export-no = Não
export-generated = Gerado em { $at } por { $nome }
importar-title = Importar empresas
importar-sub = Nada é gravado antes de você confirmar.
importar-file = Escolha a planilha
importar-file-help = XLSX ou CSV, até 16 MB e 100.000 linhas cada; até 10 de uma vez, 32 MB ao todo.
importar-send = Enviar
importar-modelo = Baixar modelo
importacoes-title = Importações
importacoes-empty = Nenhuma importação ainda
importacao-step-arquivo = Arquivo
importacao-step-colunas = Colunas
importacao-step-previa = Prévia e confirmação
importacao-step-resultado = Resultado
importacao-sheets = Planilhas do arquivo
importacao-columns-hint = Confira o campo de cada coluna. A escolha é lembrada para o próximo arquivo igual.
importacao-column = Coluna
importacao-column-sample = Exemplos
importacao-column-field = Campo
importacao-column-ignore = Não importar
importacao-mode = O que fazer com as linhas
importacao-mode-criar = Cadastrar as novas e deixar as que já existem como estão
importacao-mode-atualizar = Só atualizar as que já existem
importacao-mode-ambos = Cadastrar as novas e atualizar as que já existem
importacao-notice =
    Importação de “{ $file }” terminou: { $n_created ->
        [1] 1 cadastrada
       *[other] { $n_created } cadastradas
    }, { $n_updated ->
        [1] 1 atualizada
       *[other] { $n_updated } atualizadas
    }, { $n_refused ->
        [1] 1 recusada
       *[other] { $n_refused } recusadas
    }.
importacao-preview = Ver a prévia
importacao-discard = Descartar
importacao-confirm =
    { $n ->
        [0] Nada a gravar
        [one] Gravar { $n } empresa
       *[other] Gravar { $n } empresas
    }
importacao-another = Importar outra
importacao-created =
    { $n ->
        [0] Nenhuma empresa cadastrada.
        [one] { $n } empresa cadastrada.
       *[other] { $n } empresas cadastradas.
    }
importacao-updated =
    { $n ->
        [0] Nenhuma atualizada.
        [one] { $n } atualizada.
       *[other] { $n } atualizadas.
    }
importacao-rejected =
    { $n ->
        [0] Nenhuma linha ficou de fora.
        [one] { $n } linha ficou de fora.
       *[other] { $n } linhas ficaram de fora.
    }
importacao-nothing-written = Nada foi gravado ainda.
importacao-new-segmentos =
    { $n ->
        [one] { $n } segmento será criado
       *[other] { $n } segmentos serão criados
    }
importacao-warnings =
    { $n ->
        [one] { $n } linha entra com um ajuste; veja em “Com observações”.
       *[other] { $n } linhas entram com um ajuste; veja em “Com observações”.
    }
importacao-discarded = Este arquivo foi descartado; nada dele foi gravado.
importacao-no-rows = Nenhuma linha para mostrar aqui.
importacao-row = Linha
importacao-problems = Observações da conferência
importacao-file = Arquivo
importacao-by = Quem
importacao-count-created = Cadastradas
importacao-count-updated = Atualizadas
importacao-tab-all = Todas
importacao-tab-recusadas = Recusadas
importacao-tab-repetidas = Repetidas
importacao-tab-existentes = Já cadastradas
importacao-tab-novas = Novas
importacao-linha-nova = Nova
importacao-linha-existente = Já cadastrada
importacao-linha-repetida = Repetida
importacao-linha-recusada = Recusada
importacao-state-colunas = Aguarda as colunas
importacao-state-previa = Aguarda confirmação
importacao-state-concluida = Concluída
importacao-state-descartada = Descartada
importacao-state-desfeita = Desfeita
importacao-undo = Desfazer importação
importacao-undo-of = Desfazer a importação de { $file }
importacao-undo-question = O que acontece se você desfizer
importacao-undo-removed =
    { $n ->
        [0] Nenhuma empresa vai para a lixeira.
        [one] { $n } empresa que ela cadastrou vai para a lixeira.
       *[other] { $n } empresas que ela cadastrou vão para a lixeira.
    }
importacao-undo-reverted =
    { $n ->
        [0] Nenhuma empresa volta ao que era.
        [one] { $n } empresa que ela atualizou volta ao que era.
       *[other] { $n } empresas que ela atualizou voltam ao que eram.
    }
importacao-undo-kept =
    { $n ->
        [0] Nenhuma foi alterada ou usada depois.
        [one] { $n } foi alterada ou usada depois e fica como está.
       *[other] { $n } foram alteradas ou usadas depois e ficam como estão.
    }
importacao-undo-segmentos = Os segmentos que ela criou e ninguém usa saem da lista.
importacao-undo-nothing = Não há o que desfazer: tudo foi alterado ou usado depois.
importacao-undo-denied = Ela cadastrou empresas. Para mandá-las à lixeira é preciso poder excluir qualquer empresa; peça essa permissão a quem administra os acessos.
importacao-undo-kept-title = Ficam como estão
importacao-undo-reason = Por quê
importacao-undo-see = Ver o que foi desfeito
importacao-undo-too-old = Esta importação não pode mais ser desfeita: o SRI guarda por 90 dias o que uma importação mudou, e não guardava em versões antigas.
importacao-kept-alterada = Alterada depois
importacao-kept-excluida = Já na lixeira
importacao-kept-usada = Tem contatos ou documentos
importacao-undone = Importação desfeita
importacao-undone-by = Desfeita por { $nome } em { $at }.
importacao-undone-removed =
    { $n ->
        [0] Nenhuma empresa foi para a lixeira.
        [one] { $n } empresa foi para a lixeira.
       *[other] { $n } empresas foram para a lixeira.
    }
importacao-undone-reverted =
    { $n ->
        [0] Nenhuma voltou ao que era.
        [one] { $n } voltou ao que era.
       *[other] { $n } voltaram ao que eram.
    }
importacao-undone-kept =
    { $n ->
        [0] Nenhuma tinha sido alterada ou usada depois.
        [one] { $n } tinha sido alterada ou usada depois e ficou como estava.
       *[other] { $n } tinham sido alteradas ou usadas depois e ficaram como estavam.
    }
importacao-undone-segmentos =
    { $n ->
        [one] { $n } segmento saiu da lista
       *[other] { $n } segmentos saíram da lista
    }
modelo-summary = Como preencher
modelo-hint = Preencha a primeira planilha, uma linha por empresa, e envie este arquivo em Importar empresas. As colunas que não usar podem ser apagadas.
modelo-cnpj = Obrigatório. Com ou sem pontuação; os novos têm letras.
modelo-nome = Obrigatório. A razão social, até 200 caracteres.
modelo-nome-fantasia = Até 200 caracteres.
modelo-cnae = Sete dígitos, como 2511-0/00.
modelo-segmento = Um da lista; um nome novo entra nela: { $list }
modelo-porte = Um destes: { $list }
modelo-situacao = Um destes: { $list }. Vazio, uma empresa nova fica ativa.
modelo-email = Um endereço, como contato@empresa.com.br.
modelo-telefone = Com DDD. O que não for um telefone vai para as observações.
modelo-site = Como www.empresa.com.br.
modelo-cep = Oito dígitos, com ou sem hífen.
modelo-logradouro = A rua com seu tipo, até 200 caracteres.
modelo-numero = Como na placa: 12, 12-B, s/n.
modelo-complemento = Andar, sala, galpão; até 100 caracteres.
modelo-bairro = Até 100 caracteres.
modelo-uf = A sigla, como SC.
modelo-municipio-id = Sete dígitos; vale mais que o nome do município.
modelo-contato-nome = A pessoa que atende, até 120 caracteres.
modelo-contato-cargo = Até 80 caracteres.
modelo-responsavel = O nome de uma pessoa ativa da unidade; outro nome fica como texto.
modelo-data-fundacao = Um dia, como 31/12/2001.
modelo-faturamento = Em reais: 1.234,50.
modelo-funcionarios = Um número inteiro.
modelo-observacoes = Texto livre, até 4.000 caracteres.
modelo-data-cadastro = Hoje ou um dia anterior. Vazio, é o dia da importação.
importacao-telefone-note = Telefone na planilha: { $text }
toast-empresa-registrada = Empresa cadastrada.
toast-empresa-consultada = Situação na Receita Federal atualizada.
toast-empresa-consulta-ausente = A Receita Federal não conhece este CNPJ.
toast-empresa-consulta-na-fila = A consulta espera a vez. A situação aparece aqui em alguns minutos.
toast-empresa-consulta-indisponivel = A consulta não está disponível agora. Tente mais tarde.
toast-empresa-alterada = Alterações salvas.
toast-empresa-restaurada = Empresa restaurada.
toast-lote-empty = Selecione pelo menos uma empresa.
toast-lote-gone = Nenhuma das empresas selecionadas está mais ao seu alcance. Nada mudou.
toast-importacao-concluida = Importação concluída.
toast-importacao-descartada = Arquivo descartado.
toast-importacao-desfeita = Importação desfeita.
error-consulta-absent = A Receita Federal não conhece este CNPJ.
error-consulta-unavailable = A consulta não está disponível agora. Tente de novo em alguns minutos.
invalid-campo-unknown = Este campo não existe, ou não pode ser escolhido.
error-cnpj-taken = Já existe uma empresa com este CNPJ.
error-cnpj-taken-restore = O CNPJ foi cadastrado de novo enquanto esta empresa estava na lixeira. Exclua a outra antes de restaurar.
error-importacao-ended = Esta importação já foi concluída ou descartada. Nada foi feito de novo.
error-importacao-not-done = Só uma importação concluída pode ser desfeita. Nada foi feito.
error-importacao-too-old = Esta importação não pode mais ser desfeita: o que ela mudou já não está guardado. Nada foi feito.
error-importacao-undone = Esta importação já foi desfeita. Nada foi feito de novo.
error-importacao-outdated = A lista de segmentos mudou depois da prévia. Veja a prévia de novo.
error-idempotency-key = A chave Idempotency-Key deve ter de 1 a 200 caracteres.
error-idempotency-key-reused = Esta Idempotency-Key já foi usada com outro pedido.
error-cursor = Este cursor não é de uma lista nossa.
error-export-too-many-rows = Há linhas demais para este formato. Use CSV ou XLSX, ou filtre mais.
invalid-cell-error = A célula tem um erro da planilha, como #REF!.
invalid-cell-formula = A célula tem uma fórmula. Cole o valor no lugar dela.
invalid-cnae-invalid = Um CNAE tem 7 dígitos, como 2511-0/00.
invalid-cnae-unknown = Não há CNAE { $text }.
invalid-cnpj-repeated = Este CNPJ já apareceu na linha { $row }.
invalid-cnpj-taken = Já existe uma empresa com este CNPJ.
invalid-column-missing = Nenhuma coluna traz este campo.
invalid-column-repeated = Mais de uma coluna traz este campo.
invalid-date-future = Esta data ainda não chegou.
invalid-field-changed = Mudou para “{ $current }”; você enviou “{ $wanted }”.
invalid-porte-unknown = Escolha MEI, ME, EPP, Médio ou Grande.
invalid-reais-negative = O valor não pode ser negativo.
invalid-responsavel-unknown = Não há pessoa ativa com este nome na unidade.
invalid-segmento-gone = Este segmento saiu da lista enquanto você editava. Escolha outro.
invalid-segmento-unknown = Este segmento não está na lista da unidade.
invalid-site-invalid = Escreva o site como www.empresa.com.br.
invalid-situacao-unknown = Escolha ativo, inativo, prospect ou estratégico.
invalid-telefone-moved = O telefone “{ $text }” não existe; foi para as observações.
invalid-uf-other = { $municipio } fica em { $uf }.
invalid-sheet-file-too-large = O arquivo tem mais de { $mib } MB.
invalid-sheet-unpacked-too-large = Descompactado, o arquivo tem mais de { $mib } MB.
invalid-sheet-ratio-too-high = O arquivo cresce mais de { $limit } vezes ao ser aberto; não parece uma planilha comum.
invalid-sheet-too-many-members = O arquivo tem mais de { $limit } partes.
invalid-sheet-too-many-sheets = O arquivo tem mais de { $limit } planilhas.
invalid-sheet-too-many-rows = O arquivo tem mais de { $limit } linhas. Divida-o em partes.
invalid-sheet-too-many-columns = A linha { $row } passa da coluna { $limit }.
invalid-sheet-cell-too-long = A célula { $column }{ $row } tem mais de { $limit } caracteres.
invalid-sheet-too-many-merged = O arquivo tem mais de { $limit } regiões mescladas.
invalid-sheet-too-slow = A leitura passou de { $seconds } segundos.
invalid-sheet-too-much-memory = A leitura precisaria de mais de { $mib } MB de memória.
invalid-sheet-unread = O arquivo não pôde ser lido agora. Tente de novo; se continuar, envie-o outra vez.
invalid-sheet-empty = O arquivo está vazio.
invalid-sheet-not-a-sheet = Este arquivo não é uma planilha XLSX nem um CSV.
invalid-sheet-encrypted = O arquivo está protegido por senha. Salve uma cópia sem senha.
invalid-sheet-old-excel = Este é um arquivo .xls antigo. Salve-o como .xlsx.
invalid-sheet-open-document = Este é um arquivo do LibreOffice. Salve-o como .xlsx.
invalid-sheet-binary-excel = Este é um arquivo .xlsb. Salve-o como .xlsx.
invalid-sheet-document-type = O arquivo traz uma declaração que planilhas não têm. Salve-o de novo no Excel.
invalid-sheet-open-quote = As aspas abertas na linha { $row } nunca fecham.
invalid-sheet-not-found = O arquivo não tem a planilha { $name }.
invalid-sheet-damaged = O arquivo está danificado. Abra-o no Excel e salve de novo.
permission-empresas-empresa-ver = Ver as empresas
permission-empresas-empresa-registrar = Cadastrar empresas
permission-empresas-empresa-alterar = Alterar empresas
permission-empresas-empresa-excluir = Excluir e restaurar empresas
permission-empresas-empresa-exportar = Exportar a lista de empresas
permission-empresas-empresa-importar = Importar planilhas de empresas
permission-empresas-empresa-consultar = Consultar CNPJ e CEP fora do SRI
permission-empresas-empresa-administrar = Mudar a data de cadastro de empresas
audit-empresa-registrada = Cadastrou uma empresa
audit-empresa-alterada = Alterou uma empresa
audit-empresa-consultada = Consultou a situação de uma empresa na Receita Federal
audit-empresa-excluida = Excluiu uma empresa
audit-empresa-restaurada = Restaurou uma empresa
audit-empresa-lote-desfeito = Desfez uma alteração em lote em uma empresa
audit-empresa-exportada = Exportou a lista de empresas
audit-empresa-importada = Importou empresas de uma planilha
audit-contato-registrado = Acrescentou um contato
audit-contato-alterado = Alterou um contato
audit-contato-excluido = Excluiu um contato
audit-contato-restaurado = Restaurou um contato
audit-segmento-registrado = Acrescentou um segmento
audit-segmento-alterado = Alterou um segmento
audit-segmento-excluido = Excluiu um segmento
audit-segmento-mesclado = Mesclou um segmento em outro
audit-importacao-descartada = Descartou uma importação
audit-importacao-desfeita = Desfez uma importação
audit-empresa-desfeita = Mandou uma empresa à lixeira ao desfazer uma importação
audit-empresa-revertida = Devolveu uma empresa ao que era ao desfazer uma importação

cnae-proposed = Sugerido pelo CNAE.
cnaes-title = CNAE
cnaes-sub = A classificação nacional de atividades do IBGE (CNAE 2.3), com as empresas de cada atividade.
cnaes-search = Buscar atividade ou código
cnaes-activity = Atividade
cnaes-none-hint = Use menos palavras, ou o começo do código.
cnaes-cut = Há mais atividades com estas palavras. Escreva mais uma palavra.
cnaes-see = Ver a classificação CNAE
segmentos-title = Segmentos
segmentos-sub = A lista de segmentos industriais que as empresas usam.
segmentos-none = Nenhum segmento
segmentos-none-hint = Acrescente os segmentos com que a unidade trabalha; uma importação também os traz.
segmento-new = Novo segmento
segmento-change = Nome e atividades
segmento-cnaes = CNAEs do segmento
segmento-cnaes-help = Seções, divisões, grupos ou classes, separados por vírgula: 25, 28.6, 3314-7/10. Uma empresa com um deles recebe este segmento como sugestão.
segmento-merge = Mesclar com outro
segmento-merge-help = As empresas deste segmento passam para o outro, e este sai da lista.
segmento-merge-question = Mesclar { $nome }? As empresas passam para o outro segmento. Isso não se desfaz.
segmento-into = Segmento que fica
segmento-delete = Excluir segmento
segmento-delete-question = Excluir { $nome }? Nenhuma empresa o usa.
segmento-in-use =
    { $n ->
        [0] Nenhuma empresa usa este segmento.
        [one] Uma empresa usa este segmento.
       *[other] { $n } empresas usam este segmento.
    }
toast-segmento-registrado = Segmento acrescentado.
toast-segmento-alterado = Segmento alterado.
toast-segmento-mesclado = Segmentos mesclados.
toast-segmento-excluido = Segmento excluído.
permission-empresas-segmento-excluir = Excluir e mesclar segmentos
permission-empresas-segmento-gerir = Manter a lista de segmentos

contatos-title = Contatos
contatos-all =
    { $n ->
        [one] Ver o contato
       *[other] Ver todos os { $n } contatos
    }
contatos-empty = Nenhum contato ainda
contatos-none = Acrescente quem atende pelo RH, pela produção ou pela direção.
contato-add = Acrescentar
contato-new = Novo contato
contato-edit = Contato
contato-nome = Nome
contato-papel = Área
contato-papel-help = Sobre o que se fala com esta pessoa.
contato-delete = Excluir contato
contato-delete-one = Excluir { $nome }
contato-edit-one = Editar { $nome }
contato-delete-question = Excluir { $nome } dos contatos?
contato-gone = { $nome } saiu dos contatos.
contato-conflict = Alguém mudou este contato enquanto você o editava. Veja cada campo; salvar de novo grava o que está aqui.
contato-registrado = Contato acrescentado: { $nome }
contato-alterado = Contato alterado: { $nome }
contato-excluido = Contato excluído: { $nome }
contato-restaurado = Contato restaurado: { $nome }
papel-direcao = Direção
papel-rh = RH
papel-producao = Produção
papel-manutencao = Manutenção
papel-qualidade = Qualidade
papel-seguranca = Segurança do trabalho
papel-compras = Compras
papel-financeiro = Financeiro
papel-outro = Outra
toast-contato-registrado = Contato acrescentado.
toast-contato-alterado = Contato alterado.
toast-contato-restaurado = Contato restaurado.
error-contato-too-many = Esta empresa já tem 100 contatos.

step-empresas = Traga as empresas
step-empresas-text = Com a planilha que você já usa: reconhecemos as colunas e mostramos os problemas antes de gravar.
step-responsaveis = Diga quem cuida de cada empresa
step-responsaveis-text = Selecione várias na lista e atribua um responsável de uma vez.
step-segmentos = Classifique por segmento
step-segmentos-text = Confira os segmentos da unidade; eles filtram listas e relatórios.

vinculos-title = Empresas vinculadas
vinculos-sub = O que o perfil permite nas empresas vinculadas vale nestas, e naquelas de que a pessoa é responsável.
vinculos-none = Nenhuma empresa vinculada ainda.
vinculo-add = Vincular empresas
vinculo-search = Nome, CNPJ ou cidade
vinculo-find = Buscar
vinculo-submit = Vincular as marcadas
vinculo-nothing = Nada encontrado que ainda não esteja vinculado.
vinculo-remove = Desvincular
vinculo-remove-one = Desvincular { $nome }
toast-vinculada = Empresas vinculadas. Vale já na próxima página da pessoa.
toast-desvinculada = Empresa desvinculada.
audit-usuario-vinculado = Vinculou empresas a um usuário
audit-usuario-desvinculado = Desvinculou uma empresa de um usuário
permission-empresas-vinculo-gerir = Vincular empresas a usuários
mescla-vinculos =
    { $n ->
        [one] { $n } vínculo com usuário
       *[other] { $n } vínculos com usuários
    }

# Avisos
notice-importacao = Importações
notice-importacao-help = Como terminou a importação que você enviou.
notice-exportacao = Exportações
notice-exportacao-help = O arquivo que você pediu está pronto, ou falhou.
notice-reconsulta = Consultas à Receita
notice-reconsulta-help = Como terminou a consulta em massa que você pediu.
notice-mudanca = Mudanças na Receita
notice-mudanca-help = Algo mudou nas empresas de que você é responsável.
