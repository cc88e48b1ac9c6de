# Spreadsheets of visitas and demandas of the past.
permission-relacionamento-historico-importar = Importar visitas e demandas antigas de planilhas
historico-import = Importar
historico-import-visitas = Importar visitas
historico-import-demandas = Importar demandas
historico-import-sub = Traga o histórico da planilha que você já usa: reconhecemos as colunas e mostramos os problemas antes de gravar.
historico-log-title = Importações do histórico
historico-log-sub = Quem importou o quê, de qual arquivo e com que resultado.
historico-log-empty = Nenhuma planilha de histórico ainda
historico-file-help = XLSX ou CSV de até 8 MB e 10.000 linhas. As empresas precisam estar cadastradas.
historico-modelo-hint = Uma linha para cada, na primeira aba. Nesta estão as explicações.
historico-step-done = No histórico
historico-especie = O que traz
historico-quando = Quando
historico-hora = Hora
historico-recusadas = Com problemas
historico-count-imported = Importadas
historico-repetidas = Já registradas
historico-prontas = Prontas
historico-no-line = Nenhuma linha aqui.
historico-only-name = fica só o nome
historico-by-name = { $n ->
    [one] { $n } linha cita alguém que não é usuário desta unidade: fica só o nome.
   *[other] { $n } linhas citam alguém que não é usuário desta unidade: fica só o nome.
}
historico-will-import = { $n ->
    [0] Nenhuma linha entra no histórico.
    [one] { $n } linha entra no histórico.
   *[other] { $n } linhas entram no histórico.
}
historico-will-repeat = { $n ->
    [one] { $n } já está registrada ou se repete e não entra de novo.
   *[other] { $n } já estão registradas ou se repetem e não entram de novo.
}
historico-nobody-told = Ninguém é avisado do que se importa aqui.
historico-fora-download = Baixar as linhas de fora
historico-confirm = Confirmar importação
historico-imported = { $n ->
    [one] { $n } linha entrou no histórico
   *[other] { $n } linhas entraram no histórico
}
historico-imported-hint = Já aparecem nas listas, na página das empresas e nos relatórios. Se algo saiu errado, desfaça a importação inteira.
historico-see = Ver na lista
historico-undo-question = { $n ->
    [one] Mover para a lixeira o que esta importação trouxe? Se alguém já mexeu, fica.
   *[other] Mover para a lixeira os { $n } registros que esta importação trouxe? Ficam os que alguém já mexeu.
}
historico-undone = { $n ->
    [0] Nada foi desfeito
    [one] { $n } registro foi para a lixeira
   *[other] { $n } registros foram para a lixeira
}
historico-undone-hint = Enquanto estiverem na lixeira, podem ser restaurados um a um.
historico-again = Importar outra planilha
historico-kept = { $n ->
    [0] Nenhum ficou
    [one] { $n } ficou
   *[other] { $n } ficaram
}
historico-kept-hint = Alguém os alterou, excluiu ou ligou algo a eles depois da importação.
historico-default-tipo = Tipo das linhas que não dizem um
historico-default-tipo-help = Vale só onde a planilha deixa o tipo em branco.
historico-sem-motivo = Não informado na planilha
historico-help-empresa = Razão social ou nome fantasia, como no cadastro. Dispensável quando há o CNPJ.
historico-help-cnpj = Com ou sem pontuação. É o mais seguro para encontrar a empresa.
historico-help-inicio = O dia, com ou sem hora: 10/02/2024 ou 10/02/2024 14:30. Obrigatório, e não pode ser no futuro.
historico-help-hora = A hora, se não estiver junto do dia: 14:30 ou 14h30. Sem hora, conta 9:00.
historico-help-fim = A hora em que terminou, ou dia e hora. Em branco, uma hora depois do início.
historico-help-responsavel = Nome ou e-mail. Se não for usuário desta unidade, fica só o nome.
historico-help-objetivo = Para que foi a visita. Obrigatório.
historico-help-situacao-visita = Realizada ou cancelada. Em branco, realizada.
historico-help-motivo = De uma cancelada: por quê.
historico-help-titulo = Em poucas palavras. Em branco, o começo da descrição.
historico-help-descricao = O que a empresa precisava. Em branco, repete o título.
historico-help-tipo = Um dos tipos de demanda da unidade. Em branco, o que você escolher na prévia.
historico-help-setor = Um dos setores da unidade. Pode ficar em branco.
historico-help-situacao-demanda = Uma das etapas da unidade, ou: aberta, em andamento, concluída, cancelada. Em branco, concluída se há data de encerramento, senão nova.
historico-help-valor = Como R$ 1.234,56. Pode ficar em branco.
historico-help-registrada = O dia em que a demanda chegou. Obrigatório, e não pode ser no futuro.
historico-help-prazo = Pode ficar em branco.
historico-help-encerrada = O dia em que foi concluída ou cancelada. Obrigatório para as encerradas, e só para elas.
invalid-historico-no-lines = Não há nenhuma linha nesta planilha.
invalid-historico-futuro = Este dia ainda não chegou. Aqui entra só o que já aconteceu.
invalid-historico-hora = Escreva a hora como 14:30.
invalid-historico-cnpj-unknown = Nenhuma empresa que você vê tem este CNPJ. Cadastre-a primeiro.
invalid-historico-empresa-unknown = Nenhuma empresa que você vê tem este nome. Use o CNPJ ou cadastre-a primeiro.
invalid-historico-empresa-many = Mais de uma empresa tem este nome. Use o CNPJ.
invalid-historico-twice = Repete a linha { $row }.
invalid-historico-registered = Já está registrada.
invalid-historico-planejada = O que já passou foi realizado ou cancelado. Para planejar, use a agenda.
invalid-historico-situacao-visita = Use realizada ou cancelada.
invalid-historico-tipo = Não há este tipo. Use um destes: { $list }.
invalid-historico-tipo-required = Diga o tipo na planilha, ou escolha um para as linhas que não dizem.
invalid-historico-setor = Não há este setor. Use um destes: { $list }.
invalid-historico-etapa = Não há esta etapa. Use uma destas: { $list }.
invalid-historico-encerrada = Terminou antes de começar: confira as duas datas.
invalid-historico-encerrada-required = Diga em que dia terminou.
invalid-historico-aberta = Ainda está aberta, mas tem data de encerramento. Confira a situação.
error-historico-changed = O que seria gravado mudou desde que você viu a prévia. Confira e confirme de novo.
error-historico-nothing = Nenhuma linha está pronta. Corrija a planilha ou as colunas.
error-historico-not-done = Só se desfaz uma importação concluída.
toast-historico-importado = Histórico importado.
toast-historico-descartado = Importação descartada. Nada foi gravado.
toast-historico-desfeito = Importação desfeita.
acervo-historico = Planilhas do histórico
audit-historico-importado = Importou histórico de uma planilha
audit-historico-desfeito = Desfez uma importação do histórico
audit-historico-exportado = Baixou as linhas que ficaram de fora de uma importação do histórico
audit-entity-historico_importacao = Importação do histórico
audit-visita-importada = Importou uma visita antiga
audit-demanda-importada = Importou uma demanda antiga
visita-told-importada = Visita de { $at } importada de uma planilha
demanda-told-importada = Demanda importada de uma planilha: { $titulo }
