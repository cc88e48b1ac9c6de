demandas-title = Demandas
demanda-title = Demanda
demandas-count = { $n ->
    [0] Nenhuma demanda
    [one] 1 demanda
   *[other] { $n } demandas
}
demandas-all = { $n ->
    [one] Ver a demanda
   *[other] Ver as { $n } demandas
}
demandas-more = { $n ->
    [one] Ver mais 1
   *[other] Ver mais { $n }
}
demandas-lista = Lista
demandas-quadro = Quadro
demandas-quadro-concluidas = Concluídas nos últimos 30 dias.
demandas-column-none = Nada aqui
demandas-empty = Nenhuma demanda ainda
demandas-empty-hint = O que as empresas pedem ao SENAI entra aqui: quem responde é avisado, e o prazo conta em dias úteis.
demandas-empresa-empty = Nenhuma demanda desta empresa
demandas-empresa-empty-hint = O que ela pedir ao SENAI fica aqui, com prazo, responsável e história.
demandas-search-hint = Título, descrição, empresa ou responsável
demandas-late = Vencidas
demandas-late-yes = só as vencidas
demandas-abertas-da-empresa = { $n ->
    [one] Esta empresa já tem uma demanda aberta. É a mesma?
   *[other] Esta empresa já tem { $n } demandas abertas. É uma delas?
}
demandas-parecidas = { $n ->
    [one] Já há uma demanda aberta do mesmo tipo desta empresa:
   *[other] Já há { $n } demandas abertas do mesmo tipo desta empresa:
}
demandas-por-situacao = Demandas por situação
demandas-por-tipo = Demandas por tipo
demanda-new = Nova demanda
demanda-edit = Editar demanda
demanda-empresa = Empresa
demanda-titulo = Título
demanda-descricao = Descrição
demanda-descricao-help = O que a empresa precisa, para quê e até quando.
demanda-tipo = Tipo
demanda-setor = Setor responsável
demanda-etapa = Etapa
demanda-situacao = Situação
demanda-responsavel = Responsável
demanda-nobody = Ninguém ainda
demanda-contato = Quem pediu
demanda-contato-none = Não informado
demanda-valor = Valor estimado
demanda-prazo = Prazo
demanda-prazo-help = Em branco, conta os dias úteis do tipo.
demanda-criada = Criada em
demanda-iniciada-at = Atendida em
demanda-concluida-at = Concluída em
demanda-motivo = Motivo
demanda-motivo-help = Fica na história, e quem acompanha é avisado.
demanda-dias = Dias até concluir
demanda-is-projeto = Virou projeto
demanda-is-projeto-note = A empresa contratou: esta demanda virou projeto.
demanda-dados = Dados
demanda-nova = Nova
demanda-em-andamento = Em andamento
demanda-concluida = Concluída
demanda-cancelada = Cancelada
demanda-late = venceu em { $dia }
demanda-until = até { $dia }
demanda-mover = Mover
demanda-mover-para = Mover para
demanda-mover-one = Mover { $titulo } para
demanda-concluir = Concluir
demanda-cancelar = Cancelar demanda
demanda-cancelar-save = Confirmar cancelamento
demanda-converter = Converter em projeto
demanda-converter-note = A demanda fica concluída, e o projeto guarda o que foi contratado. Cada demanda vira no máximo um projeto.
demanda-anexos = Anexos
demanda-anexos-none = Nenhum anexo.
demanda-anexo = O que é
demanda-anexo-proposta = Proposta
demanda-anexo-orcamento = Orçamento
demanda-anexo-relatorio = Relatório
demanda-anexo-outro = Outro documento
demanda-anexar = Anexar arquivo
demanda-anexar-help = PDF, DOCX, XLSX, PNG ou JPG. Fica também nos documentos da empresa, na pasta Demandas.
demanda-passagens = Tempo em cada etapa
demanda-desde = desde { $at }
demanda-delete-question = Mover esta demanda para a lixeira?
demanda-moved-to-trash = Demanda “{ $titulo }” movida para a lixeira.
demanda-conflict = Outra pessoa alterou esta demanda enquanto você escrevia. O que você digitou continua aqui: confira e salve de novo.
dias-uteis = { $n ->
    [one] 1 dia útil
   *[other] { $n } dias úteis
}
dias-inteiros = { $n ->
    [0] menos de um dia
    [one] 1 dia
   *[other] { $n } dias
}
lixeira-demanda = Demanda
mescla-demandas = { $n ->
    [one] 1 demanda
   *[other] { $n } demandas
}
acervo-demanda = Demandas
timeline-demanda = Demandas
notice-demanda = Demandas minhas ou de empresas minhas
notice-demanda-help = Registrada, passada para mim, em outra etapa, concluída, cancelada ou convertida por outra pessoa.
notice-demanda-prazo = Prazo de demanda
notice-demanda-prazo-help = Na manhã do dia anterior ao prazo.
demanda-notice-registrada = { $nome } registrou uma demanda: { $titulo } ({ $empresa }).
demanda-notice-atribuida = { $nome } passou uma demanda para você: { $titulo } ({ $empresa }).
demanda-notice-movida = { $nome } moveu uma demanda para { $etapa }: { $titulo } ({ $empresa }).
demanda-notice-concluida = { $nome } concluiu uma demanda: { $titulo } ({ $empresa }).
demanda-notice-cancelada = { $nome } cancelou uma demanda: { $titulo } ({ $empresa }).
demanda-notice-convertida = { $nome } converteu uma demanda em projeto: { $titulo } ({ $empresa }).
demanda-notice-prazo = O prazo de uma demanda é { $prazo }: { $titulo } ({ $empresa }).
demanda-told-registrada = Demanda registrada: { $titulo }
demanda-told-alterada = Demanda alterada: { $titulo }
demanda-told-movida = Demanda em outra etapa: { $titulo }
demanda-told-concluida = Demanda concluída: { $titulo }
demanda-told-cancelada = Demanda cancelada: { $titulo }
demanda-told-reaberta = Demanda reaberta: { $titulo }
demanda-told-convertida = Demanda convertida em projeto: { $titulo }
demanda-told-excluida = Demanda excluída: { $titulo }
demanda-told-restaurada = Demanda restaurada: { $titulo }
toast-demanda-registrada = Demanda registrada. Quem responde por ela foi avisado.
toast-demanda-alterada = Demanda alterada.
toast-demanda-movida = Demanda movida. Quem acompanha foi avisado.
toast-demanda-cancelada = Demanda cancelada. Quem acompanha foi avisado.
toast-demanda-reaberta = Demanda reaberta.
toast-demanda-convertida = Projeto criado. A demanda está concluída.
toast-demanda-anexo = Arquivo anexado.
toast-demanda-restaurada = Demanda restaurada.
error-demanda-situacao = A demanda não está mais na situação que este passo pede. Abra-a de novo e veja como ela está; uma demanda encerrada precisa ser reaberta antes.
error-demanda-convertida = Esta demanda já virou projeto.
invalid-demanda-anexos = Esta demanda já tem arquivos demais.
invalid-demanda-arquivo = O arquivo não pôde ser guardado. Confira se ele está inteiro, se é de um tipo aceito e se cabe no tamanho permitido.
permission-relacionamento-demanda-ver = Ver demandas
permission-relacionamento-demanda-registrar = Registrar demandas
permission-relacionamento-demanda-alterar = Alterar, mover, encerrar e reabrir demandas
permission-relacionamento-demanda-excluir = Excluir e restaurar demandas
permission-relacionamento-demanda-exportar = Exportar demandas
audit-demanda-registrada = Registrou uma demanda
audit-demanda-alterada = Alterou uma demanda
audit-demanda-movida = Moveu uma demanda de etapa
audit-demanda-concluida = Concluiu uma demanda
audit-demanda-cancelada = Cancelou uma demanda
audit-demanda-reaberta = Reabriu uma demanda
audit-demanda-convertida = Converteu uma demanda em projeto
audit-demanda-excluida = Moveu uma demanda para a lixeira
audit-demanda-restaurada = Restaurou uma demanda
audit-demanda-exportada = Exportou demandas
audit-entity-demanda = Demanda
projetos-title = Projetos
projeto-title = Projeto
projetos-count = { $n ->
    [0] Nenhum projeto
    [one] 1 projeto
   *[other] { $n } projetos
}
projetos-all = { $n ->
    [one] Ver o projeto
   *[other] Ver os { $n } projetos
}
projetos-empty = Nenhum projeto ainda
projetos-empty-hint = Quando uma empresa contrata o que pediu, a demanda dela vira um projeto.
projetos-empresa-empty = Nenhum projeto desta empresa
projetos-search-hint = Título, empresa ou responsável
projeto-edit = Editar projeto
projeto-open = Ver o projeto
projeto-valor = Valor
projeto-inicio = Início
projeto-fim = Término
projeto-periodo = Período
projeto-concluido-at = Concluído em
projeto-em-execucao = Em execução
projeto-concluido = Concluído
projeto-cancelado = Cancelado
projeto-late = atrasado
projeto-cancelar = Cancelar projeto
projeto-delete-question = Mover este projeto para a lixeira? A demanda continua concluída.
projeto-conflict = Outra pessoa alterou este projeto enquanto você escrevia. O que você digitou continua aqui: confira e salve de novo.
lixeira-projeto = Projeto
acervo-projeto = Projetos
timeline-projeto = Projetos
projeto-told-criado = Projeto criado: { $titulo }
projeto-told-alterado = Projeto alterado: { $titulo }
projeto-told-concluido = Projeto concluído: { $titulo }
projeto-told-cancelado = Projeto cancelado: { $titulo }
projeto-told-reaberto = Projeto reaberto: { $titulo }
projeto-told-excluido = Projeto excluído: { $titulo }
projeto-told-restaurado = Projeto restaurado: { $titulo }
toast-projeto-alterado = Projeto alterado.
toast-projeto-concluido = Projeto concluído.
toast-projeto-cancelado = Projeto cancelado.
toast-projeto-reaberto = Projeto reaberto.
toast-projeto-excluido = Projeto movido para a lixeira.
error-projeto-situacao = O projeto não está mais na situação que este passo pede. Abra-o de novo e veja como ele está.
error-projeto-lixeira = O projeto desta demanda está na lixeira. Restaure-o em vez de criar outro.
error-projeto-aberta = A demanda deste projeto foi reaberta, cancelada ou excluída: ele não pode voltar.
invalid-projeto-fim = O término não pode ser antes do início.
permission-relacionamento-projeto-ver = Ver projetos
permission-relacionamento-projeto-alterar = Criar, alterar e encerrar projetos
permission-relacionamento-projeto-excluir = Excluir e restaurar projetos
audit-projeto-criado = Criou um projeto
audit-projeto-alterado = Alterou um projeto
audit-projeto-concluido = Concluiu um projeto
audit-projeto-cancelado = Cancelou um projeto
audit-projeto-reaberto = Reabriu um projeto
audit-projeto-excluido = Moveu um projeto para a lixeira
audit-projeto-restaurado = Restaurou um projeto
audit-entity-projeto = Projeto
invalid-demanda-empresa = A empresa de uma demanda não muda: registre outra.
