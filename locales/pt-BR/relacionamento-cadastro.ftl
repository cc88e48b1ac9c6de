# Etapas das demandas e feriados da unidade.
etapas-title = Etapas das demandas
etapas-sub = Por onde uma demanda passa, da chegada ao fim: os nomes, as cores e a ordem são da unidade.
etapas-none = Nenhuma etapa
etapas-none-hint = Acrescente a primeira; ela vira uma coluna do quadro.
etapa-new = Nova etapa
etapa-situacao-help = O que a etapa quer dizer para prazos, relatórios e filtros. Não muda depois.
etapa-change = Nome e cor
etapa-padrao = Padrão
etapa-padrao-help = É a etapa padrão da sua situação: as demandas entram nela quando não se escolhe outra. Pode mudar de nome, de cor e de lugar, mas fica na lista.
etapa-merge = Mesclar com outra
etapa-merge-help = As demandas desta etapa, e as que já passaram por ela, passam para a outra, da mesma situação. Esta sai da lista.
etapa-merge-question = Mesclar { $nome }? As demandas passam para a outra etapa. Isso não se desfaz.
etapa-into = Etapa que fica
etapa-delete = Excluir etapa
etapa-delete-question = Excluir { $nome }? Nenhuma demanda está ou esteve nela.
etapa-in-use = { $n ->
    [0] Nenhuma demanda está ou esteve nesta etapa.
    [one] Uma demanda está ou esteve nesta etapa.
   *[other] { $n } demandas estão ou estiveram nesta etapa.
}
etapa-passadas = { $n ->
    [one] 1 demanda esteve nela e seguiu
   *[other] { $n } demandas estiveram nela e seguiram
}
toast-etapa-registrada = Etapa acrescentada.
toast-etapa-alterada = Etapa alterada.
toast-etapa-mesclada = Etapas mescladas.
toast-etapa-excluida = Etapa excluída.
toast-etapa-movida = Ordem alterada.
permission-relacionamento-etapa-gerir = Manter as etapas das demandas
audit-demanda-etapa-registrada = Acrescentou uma etapa de demandas
audit-demanda-etapa-alterada = Alterou uma etapa de demandas
audit-demanda-etapa-mesclada = Mesclou uma etapa de demandas em outra
audit-demanda-etapa-excluida = Excluiu uma etapa de demandas
audit-demanda-etapa-movida = Mudou a ordem das etapas de demandas
audit-entity-demanda-etapa = Etapa de demandas

feriados-title = Feriados da unidade
feriados-sub = Os dias em que a unidade não trabalha, além dos feriados nacionais.
feriados-note = Os prazos em dias úteis marcados daqui em diante pulam estes dias. Os que já estão marcados ficam como estão.
feriados-anos = Ano
feriados-nacionais = { $n ->
    [one] 1 nacional
   *[other] { $n } nacionais
}
feriados-proprios = { $n ->
    [0] nenhum da unidade
    [one] 1 da unidade
   *[other] { $n } da unidade
}
feriado-data = Dia
feriado-nome = Nome
feriado-acoes = Retirar
feriado-nacional = Nacional
feriado-fim-de-semana = Cai no fim de semana: não muda nenhum prazo.
feriado-remove = Retirar { $nome }
feriado-remove-question = Retirar { $nome }, { $data }? Os prazos marcados daqui em diante contam este dia como útil.
feriado-gone = Este dia já tinha saído da lista.
toast-feriado-registrado = Feriado acrescentado.
toast-feriado-excluido = Feriado retirado.
error-feriado-taken = Este dia já está na lista.
error-feriado-nacional = Este dia é feriado nacional e já conta como tal.
error-feriado-ano = Escolha um dia de 2000 a 2099.
invalid-feriado-taken = Este dia já está na lista da unidade.
invalid-feriado-nacional = É feriado nacional: os prazos já pulam este dia.
invalid-feriado-ano = Escolha um dia de 2000 a 2099.
permission-relacionamento-feriado-gerir = Manter os feriados da unidade
audit-feriado-registrado = Acrescentou um feriado da unidade
audit-feriado-excluido = Retirou um feriado da unidade
audit-entity-feriado = Feriado da unidade
feriado-confraternizacao-universal = Confraternização Universal
feriado-sexta-feira-santa = Sexta-feira Santa
feriado-tiradentes = Tiradentes
feriado-dia-do-trabalho = Dia do Trabalho
feriado-independencia = Independência do Brasil
feriado-nossa-senhora-aparecida = Nossa Senhora Aparecida
feriado-finados = Finados
feriado-proclamacao-da-republica = Proclamação da República
feriado-consciencia-negra = Dia Nacional de Zumbi e da Consciência Negra
feriado-natal = Natal
