# Empresas that may be one and the same, and one made of two.
duplicadas-title = Possible duplicates
duplicadas-count =
    { $n ->
        [0] no pairs
        [one] { $n } pair
       *[other] { $n } pairs
    }
duplicadas-search = Look now
duplicadas-searched = Looked for on { $at }, among { $n } companies; again every night.
duplicadas-never = Not looked for yet. SRI looks by itself every night.
duplicadas-due = The search is under way.
duplicadas-reload = Reload the page
duplicadas-all = All
duplicadas-motivo-raiz = Same CNPJ root
duplicadas-motivo-nome = Similar name
duplicadas-motivo-contato = Same contact details
duplicadas-dispensed = Dismissed
duplicadas-dispensed-by = { $nome } said on { $at } that they are not duplicates.
duplicadas-empty = Nothing here
duplicadas-empty-hint = When two companies look like one, they are shown in this list.
duplicadas-since = registered
duplicadas-why-raiz = same CNPJ root
duplicadas-why-nome = name { $n }% alike
duplicadas-why-email = same e-mail
duplicadas-why-telefone = same phone
duplicadas-score = likeness: { $n } of 100
duplicadas-dismiss = Not duplicates
duplicadas-resume = Compare again
duplicadas-merge = Compare and merge
duplicadas-gone = The pair is no longer in this list.
semelhantes-title = There are similar companies in the register:
semelhantes-igual = with this very CNPJ
semelhantes-raiz = with the same CNPJ root (head office or branch)
semelhantes-nome = with a similar name
semelhantes-ciente = It is none of these: save all the same
semelhantes-confirm = There are similar companies in the register. See whether it is one of them; if not, tick the confirmation and save again.
mescla-title = Merge companies
mescla-sub = Two become one; it can be undone for 30 days.
mescla-action = Merge with another
mescla-other = With which company?
mescla-find = Search
mescla-stays = Stays
mescla-goes = Goes to the trash
mescla-swap = Swap: the other stays
mescla-differ = What holds in each field
mescla-moved = changed just now
mescla-empty = empty
mescla-of-stays = of the one that stays
mescla-of-goes = of the other
mescla-both = Both, one below the other
mescla-same-count =
    { $n ->
        [one] { $n } field the same in both
       *[other] { $n } fields the same in both
    }
mescla-hangs = Move to the one that stays:
mescla-hangs-none = The other has no contacts, documents or tags to move.
mescla-undo-hint = It can be undone for 30 days.
mescla-contatos =
    { $n ->
        [one] { $n } contact
       *[other] { $n } contacts
    }
mescla-documentos =
    { $n ->
        [one] { $n } document
       *[other] { $n } documents
    }
mescla-etiquetas =
    { $n ->
        [one] { $n } tag
       *[other] { $n } tags
    }
mescla-confirm = Merge
mescla-conflict = Somebody changed one of the two while you compared them. The fields that changed are marked: check them and merge again.
mescla-show-title = Merge
mescla-open = Open the company
mescla-told = { $sai } was merged into { $fica }.
mescla-done-by = Done by { $nome } on { $at }
mescla-campos = Fields that changed:
mescla-came = Came from the other:
mescla-undo = Undo the merge
mescla-undo-until = It can be undone until { $at }.
mescla-undone-by = Undone by { $nome } on { $at }. The other is back:
mescla-kept-campos = Changed after the merge and left as they are:
mescla-kept-rest = No longer here, did not go back:
mescla-recent = { $nome } was merged into this company.
mescla-see = See and undo
empresa-mesclada = Took in by merge: { $nome }
empresa-mesclada-em = Merged into { $nome }
empresa-desmesclada = Merge undone: { $nome } is back
empresa-desmesclada-de = Back: the merge into { $nome } was undone
empresa-dispensada = Not a duplicate of { $nome }
empresa-retomada = Compared with { $nome } again
toast-duplicadas-retomada = The pair is compared again.
toast-empresa-mesclada = The company you were looking for was merged into this one.
toast-mescla-feita = Companies merged.
toast-mescla-desfeita = Merge undone.
error-mescla-same = Choose two different companies.
error-mescla-too-old = This merge can no longer be undone: the 30 days are over. Nothing was done.
error-mescla-gone = The company that stayed is in the trash or was merged into another. Undo that first.
error-mescla-cnpj-taken = One of the two CNPJs was registered again. Delete that company before undoing the merge.
error-empresa-mesclada = This company was merged into another. Open the other and undo the merge to have it back.
audit-empresa-mesclada = Merged another company into this one
audit-empresa-mesclada-em = Merged this company into another
audit-empresa-desmesclada = Undid the merge of another company into this one
audit-empresa-desmesclada-de = Undid the merge of this company into another
audit-empresa-dispensada = Said that two companies are not duplicates
audit-empresa-retomada = Compared two companies again
