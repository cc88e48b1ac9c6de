# Empresas that may be one and the same, and one made of two.
duplicadas-title = Possíveis duplicadas
duplicadas-count =
    { $n ->
        [0] nenhum par
        [one] { $n } par
       *[other] { $n } pares
    }
duplicadas-search = Procurar agora
duplicadas-searched = Procuradas em { $at }, entre { $n } empresas; de novo toda noite.
duplicadas-never = Ainda não foram procuradas. Toda noite o SRI procura sozinho.
duplicadas-due = A procura está em andamento.
duplicadas-reload = Atualizar a página
duplicadas-all = Todas
duplicadas-motivo-raiz = Mesma raiz de CNPJ
duplicadas-motivo-nome = Nome parecido
duplicadas-motivo-contato = Mesmo contato
duplicadas-dispensed = Dispensadas
duplicadas-dispensed-by = { $nome } disse em { $at } que não são duplicadas.
duplicadas-empty = Nada aqui
duplicadas-empty-hint = Quando duas empresas parecerem a mesma, elas aparecem nesta lista.
duplicadas-since = cadastrada
duplicadas-why-raiz = mesma raiz de CNPJ
duplicadas-why-nome = nome { $n }% parecido
duplicadas-why-email = mesmo e-mail
duplicadas-why-telefone = mesmo telefone
duplicadas-score = semelhança: { $n } de 100
duplicadas-dismiss = Não são duplicadas
duplicadas-resume = Voltar a comparar
duplicadas-merge = Comparar e mesclar
duplicadas-gone = O par não aparece mais nesta lista.
semelhantes-title = Já há empresas parecidas no cadastro:
semelhantes-igual = com este mesmo CNPJ
semelhantes-raiz = com a mesma raiz de CNPJ (matriz ou filial)
semelhantes-nome = com nome parecido
semelhantes-ciente = Não é nenhuma destas: gravar assim mesmo
semelhantes-confirm = Há empresas parecidas no cadastro. Veja se não é uma delas; se não for, marque a confirmação e salve de novo.
mescla-title = Mesclar empresas
mescla-sub = Duas viram uma só; dá para desfazer por 30 dias.
mescla-action = Mesclar com outra
mescla-other = Com qual empresa?
mescla-find = Procurar
mescla-stays = Fica
mescla-goes = Vai para a lixeira
mescla-swap = Trocar: fica a outra
mescla-differ = O que vale em cada campo
mescla-moved = mudou agora
mescla-empty = vazio
mescla-of-stays = da que fica
mescla-of-goes = da outra
mescla-both = As duas, uma abaixo da outra
mescla-same-count =
    { $n ->
        [one] { $n } campo igual nas duas
       *[other] { $n } campos iguais nas duas
    }
mescla-hangs = Passam para a que fica:
mescla-hangs-none = A outra não tem contatos, documentos nem etiquetas a passar.
mescla-undo-hint = Dá para desfazer por 30 dias.
mescla-contatos =
    { $n ->
        [one] { $n } contato
       *[other] { $n } contatos
    }
mescla-documentos =
    { $n ->
        [one] { $n } documento
       *[other] { $n } documentos
    }
mescla-etiquetas =
    { $n ->
        [one] { $n } etiqueta
       *[other] { $n } etiquetas
    }
mescla-confirm = Mesclar
mescla-conflict = Alguém mudou uma das duas enquanto você comparava. Os campos que mudaram estão marcados: confira e mescle de novo.
mescla-show-title = Mescla
mescla-open = Abrir a empresa
mescla-told = { $sai } foi mesclada em { $fica }.
mescla-done-by = Feita por { $nome } em { $at }
mescla-campos = Campos que mudaram:
mescla-came = Vieram da outra:
mescla-undo = Desfazer a mescla
mescla-undo-until = Pode ser desfeita até { $at }.
mescla-undone-by = Desfeita por { $nome } em { $at }. A outra está de volta:
mescla-kept-campos = Mudaram depois da mescla e ficaram como estão:
mescla-kept-rest = Já não estavam aqui e não voltaram:
mescla-recent = { $nome } foi mesclada nesta empresa.
mescla-see = Ver e desfazer
empresa-mesclada = Recebeu por mescla: { $nome }
empresa-mesclada-em = Mesclada em { $nome }
empresa-desmesclada = Mescla desfeita: { $nome } voltou
empresa-desmesclada-de = Voltou: a mescla em { $nome } foi desfeita
empresa-dispensada = Não é duplicada de { $nome }
empresa-retomada = De novo comparada com { $nome }
toast-duplicadas-retomada = O par volta a ser comparado.
toast-empresa-mesclada = A empresa que você procurava foi mesclada nesta.
toast-mescla-feita = Empresas mescladas.
toast-mescla-desfeita = Mescla desfeita.
error-mescla-same = Escolha duas empresas diferentes.
error-mescla-too-old = Esta mescla não pode mais ser desfeita: passaram os 30 dias. Nada foi feito.
error-mescla-gone = A empresa que ficou está na lixeira ou foi mesclada em outra. Desfaça isso primeiro.
error-mescla-cnpj-taken = Um dos dois CNPJs foi cadastrado de novo. Exclua essa empresa antes de desfazer a mescla.
error-empresa-mesclada = Esta empresa foi mesclada em outra. Abra a outra e desfaça a mescla para tê-la de volta.
audit-empresa-mesclada = Mesclou outra empresa nesta
audit-empresa-mesclada-em = Mesclou esta empresa em outra
audit-empresa-desmesclada = Desfez a mescla de outra empresa nesta
audit-empresa-desmesclada-de = Desfez a mescla desta empresa em outra
audit-empresa-dispensada = Disse que duas empresas não são duplicadas
audit-empresa-retomada = Voltou a comparar duas empresas
