tipos-title = Tipos de demanda
tipos-sub = O que uma empresa pode pedir, e em quantos dias úteis se atende.
tipos-none = Nenhum tipo
tipos-none-hint = Acrescente o primeiro; ele aparece no formulário das demandas.
tipo-new = Novo tipo
tipo-change = Nome, prazo e cor
tipo-merge = Mesclar com outro
tipo-merge-help = As demandas deste tipo passam para o outro, e este sai da lista.
tipo-merge-question = Mesclar { $nome }? As demandas passam para o outro tipo. Isso não se desfaz.
tipo-into = Tipo que fica
tipo-delete = Excluir tipo
tipo-delete-question = Excluir { $nome }? Nenhuma demanda o usa.
tipo-in-use = { $n ->
    [0] Nenhuma demanda usa este tipo.
    [one] Uma demanda usa este tipo.
   *[other] { $n } demandas usam este tipo.
}
toast-tipo-registrado = Tipo acrescentado.
toast-tipo-alterado = Tipo alterado.
toast-tipo-mesclado = Tipos mesclados.
toast-tipo-excluido = Tipo excluído.
permission-relacionamento-tipo-gerir = Manter a lista de tipos de demanda
audit-demanda-tipo-registrado = Acrescentou um tipo de demanda
audit-demanda-tipo-alterado = Alterou um tipo de demanda
audit-demanda-tipo-mesclado = Mesclou um tipo de demanda em outro
audit-demanda-tipo-excluido = Excluiu um tipo de demanda
audit-entity-demanda-tipo = Tipo de demanda
setores-title = Setores
setores-sub = Quem, na unidade, responde por uma demanda.
setores-none = Nenhum setor
setores-none-hint = Acrescente o primeiro; ele aparece no formulário das demandas.
setor-new = Novo setor
setor-change = Nome
setor-merge = Mesclar com outro
setor-merge-help = As demandas deste setor passam para o outro, e este sai da lista.
setor-merge-question = Mesclar { $nome }? As demandas passam para o outro setor. Isso não se desfaz.
setor-into = Setor que fica
setor-delete = Excluir setor
setor-delete-question = Excluir { $nome }? Nenhuma demanda o usa.
setor-in-use = { $n ->
    [0] Nenhuma demanda usa este setor.
    [one] Uma demanda usa este setor.
   *[other] { $n } demandas usam este setor.
}
toast-setor-registrado = Setor acrescentado.
toast-setor-alterado = Setor alterado.
toast-setor-mesclado = Setores mesclados.
toast-setor-excluido = Setor excluído.
permission-relacionamento-setor-gerir = Manter a lista de setores
audit-setor-registrado = Acrescentou um setor
audit-setor-alterado = Alterou um setor
audit-setor-mesclado = Mesclou um setor em outro
audit-setor-excluido = Excluiu um setor
audit-entity-setor = Setor
tipo-prazo = Prazo em dias úteis
tipo-prazo-help = Em branco, uma demanda deste tipo não tem prazo próprio. Vale para as próximas.
invalid-tipo-prazo = O prazo vai de 1 a 365 dias úteis.
demandas-na-lixeira = { $n ->
    [one] 1 demanda na lixeira
   *[other] { $n } demandas na lixeira
}
