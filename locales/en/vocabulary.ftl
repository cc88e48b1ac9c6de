# Lists of names that a unidade keeps for itself (web::vocabulary).
vocabulary-nome = Name
vocabulary-begin = Write the first name
vocabulary-comes-off = When deleted, the name comes off everything that has it:
vocabulary-stays = It is in use and cannot be deleted. Change these records, or merge it as above:
vocabulary-trashed =
    { $n ->
        [one] One in the trash
       *[other] { $n } in the trash
    }
error-term-taken = This name is on the list already.
error-term-in-use = It is in use. To take it off the list, merge it into another.
error-term-same = Choose another name of the list.
invalid-term-taken = This name is on the list already; accents and capitals do not count.
invalid-term-same = Choose another name of the list.
vocabulary-ordem = Order
vocabulary-acima = Move { $nome } up
vocabulary-abaixo = Move { $nome } down
error-term-stays = This one always stays on the list.
error-term-apart = These two cannot be merged: they are in different groups.
invalid-term-apart = Merge only with a name of the same group.
