# Lists of names that a unidade keeps for itself (web::vocabulary).
vocabulary-nome = Nome
vocabulary-begin = Escrever o primeiro nome
vocabulary-comes-off = Ao excluir, o nome sai de tudo o que o tem:
vocabulary-stays = Está em uso e não pode ser excluído. Mude estes cadastros, ou use a mesclagem acima:
vocabulary-trashed =
    { $n ->
        [one] Uma na lixeira
       *[other] { $n } na lixeira
    }
error-term-taken = Este nome já está na lista.
error-term-in-use = Está em uso. Para tirá-lo da lista, mescle-o com outro.
error-term-same = Escolha outro nome da lista.
invalid-term-taken = Este nome já está na lista; acentos e maiúsculas não contam.
invalid-term-same = Escolha outro nome da lista.
vocabulary-ordem = Ordem
vocabulary-acima = Subir { $nome }
vocabulary-abaixo = Descer { $nome }
error-term-stays = Esta fica sempre na lista.
error-term-apart = Estes dois não se mesclam: estão em grupos diferentes.
invalid-term-apart = Só se mescla com um nome do mesmo grupo.
