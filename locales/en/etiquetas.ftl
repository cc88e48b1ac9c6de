# Words that people stick on empresas.
etiquetas-title = Tags
etiquetas-sub = The tags that the unit puts on companies to find them again.
etiquetas-none = No tags
etiquetas-none-hint = Make tags such as “Fair 2026” or “Innovation” and put them on companies.
etiqueta-new = New tag
etiqueta-one = Tag
etiqueta-put = Put a tag
etiqueta-take = Remove the tag { $nome }
etiqueta-cor = Colour
etiqueta-change = Name and colour
etiqueta-merge = Merge with another
etiqueta-merge-help = The companies of this tag go to the other, and this one leaves the list.
etiqueta-merge-question = Merge { $nome }? Its companies go to the other tag. This cannot be undone.
etiqueta-into = Tag that stays
etiqueta-delete = Delete tag
etiqueta-delete-question =
    { $n ->
        [0] Delete { $nome }? No company uses it.
        [one] Delete { $nome }? It leaves one company. This cannot be undone.
       *[other] Delete { $nome }? It leaves { $n } companies. This cannot be undone.
    }
etiqueta-in-use =
    { $n ->
        [0] No company has this tag.
        [one] One company has this tag.
       *[other] { $n } companies have this tag.
    }
cor-cinza = Grey
cor-azul = Blue
cor-turquesa = Teal
cor-verde = Green
cor-ambar = Amber
cor-laranja = Orange
cor-vermelho = Red
cor-rosa = Pink
cor-roxo = Purple
empresa-etiquetada = Tag put on: { $nome }
empresa-desetiquetada = Tag taken off: { $nome }
toast-etiqueta-registrada = Tag added.
toast-etiqueta-alterada = Tag changed.
toast-etiqueta-mesclada = Tags merged.
toast-etiqueta-excluida = Tag deleted.
toast-etiqueta-posta = Tag put on.
toast-etiqueta-tirada = Tag taken off.
toast-etiqueta-empty = Choose a tag or write the name of a new one.
error-etiqueta-unknown = This tag is not in the list, and making tags takes a permission.
error-etiqueta-too-many = A company has at most 30 tags.
invalid-etiqueta-unknown = This tag is not in the unit's list.
permission-empresas-etiqueta-gerir = Keep the list of tags
audit-empresa-etiquetada = Put a tag on a company
audit-empresa-desetiquetada = Took a tag off a company
audit-etiqueta-registrada = Added a tag
audit-etiqueta-alterada = Changed a tag
audit-etiqueta-mesclada = Merged a tag into another
audit-etiqueta-excluida = Deleted a tag
lote-etiquetar-title = Add tag
lote-etiquetar-field = Tag to add
lote-etiquetar-confirm =
    { $n ->
        [one] Add tag to { $n } company
       *[other] Add tag to { $n } companies
    }
lote-desetiquetar-title = Remove tag
lote-desetiquetar-field = Tag to remove
lote-desetiquetar-confirm =
    { $n ->
        [one] Remove tag from { $n } company
       *[other] Remove tag from { $n } companies
    }
