# Words that people stick on empresas.
etiquetas-title = Etiquetas
etiquetas-sub = As etiquetas que a unidade põe nas empresas para achá-las de novo.
etiquetas-none = Nenhuma etiqueta
etiquetas-none-hint = Crie etiquetas como “Feira 2026” ou “Inovação” e ponha-as nas empresas.
etiqueta-new = Nova etiqueta
etiqueta-one = Etiqueta
etiqueta-put = Pôr etiqueta
etiqueta-take = Tirar a etiqueta { $nome }
etiqueta-cor = Cor
etiqueta-change = Nome e cor
etiqueta-merge = Mesclar com outra
etiqueta-merge-help = As empresas desta etiqueta passam para a outra, e esta sai da lista.
etiqueta-merge-question = Mesclar { $nome }? As empresas passam para a outra etiqueta. Isso não se desfaz.
etiqueta-into = Etiqueta que fica
etiqueta-delete = Excluir etiqueta
etiqueta-delete-question =
    { $n ->
        [0] Excluir { $nome }? Nenhuma empresa a usa.
        [one] Excluir { $nome }? Ela sai de uma empresa. Isso não se desfaz.
       *[other] Excluir { $nome }? Ela sai de { $n } empresas. Isso não se desfaz.
    }
etiqueta-in-use =
    { $n ->
        [0] Nenhuma empresa tem esta etiqueta.
        [one] Uma empresa tem esta etiqueta.
       *[other] { $n } empresas têm esta etiqueta.
    }
cor-cinza = Cinza
cor-azul = Azul
cor-turquesa = Turquesa
cor-verde = Verde
cor-ambar = Âmbar
cor-laranja = Laranja
cor-vermelho = Vermelho
cor-rosa = Rosa
cor-roxo = Roxo
empresa-etiquetada = Etiqueta posta: { $nome }
empresa-desetiquetada = Etiqueta tirada: { $nome }
toast-etiqueta-registrada = Etiqueta acrescentada.
toast-etiqueta-alterada = Etiqueta alterada.
toast-etiqueta-mesclada = Etiquetas mescladas.
toast-etiqueta-excluida = Etiqueta excluída.
toast-etiqueta-posta = Etiqueta posta.
toast-etiqueta-tirada = Etiqueta tirada.
toast-etiqueta-empty = Escolha uma etiqueta ou escreva o nome de uma nova.
error-etiqueta-unknown = Esta etiqueta não está na lista, e criar etiquetas precisa de permissão.
error-etiqueta-too-many = Uma empresa tem no máximo 30 etiquetas.
invalid-etiqueta-unknown = Esta etiqueta não está na lista da unidade.
permission-empresas-etiqueta-gerir = Manter a lista de etiquetas
audit-empresa-etiquetada = Pôs uma etiqueta em uma empresa
audit-empresa-desetiquetada = Tirou uma etiqueta de uma empresa
audit-etiqueta-registrada = Acrescentou uma etiqueta
audit-etiqueta-alterada = Alterou uma etiqueta
audit-etiqueta-mesclada = Mesclou uma etiqueta em outra
audit-etiqueta-excluida = Excluiu uma etiqueta
lote-etiquetar-title = Pôr etiqueta
lote-etiquetar-field = Etiqueta a pôr
lote-etiquetar-confirm =
    { $n ->
        [one] Pôr etiqueta em { $n } empresa
       *[other] Pôr etiqueta em { $n } empresas
    }
lote-desetiquetar-title = Tirar etiqueta
lote-desetiquetar-field = Etiqueta a tirar
lote-desetiquetar-confirm =
    { $n ->
        [one] Tirar etiqueta de { $n } empresa
       *[other] Tirar etiqueta de { $n } empresas
    }
