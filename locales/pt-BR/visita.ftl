visitas-title = Visitas
visita-title = Visita técnica
visitas-count = { $n ->
    [0] Nenhuma visita
    [one] 1 visita
   *[other] { $n } visitas
}
visitas-all = { $n ->
    [one] Ver a visita
   *[other] Ver as { $n } visitas
}
visitas-empty = Nenhuma visita ainda
visitas-empty-hint = Planeje a primeira: escolha a empresa, o dia e quem vai. Quem vai é avisado e lembrado.
visitas-empresa-empty = Nenhuma visita a esta empresa
visitas-empresa-empty-hint = O que for conversado em cada visita fica guardado aqui.
visitas-search-hint = Objetivo, resumo, empresa ou técnico
visita-busca = Busca
visitas-de = De
visitas-ate = Até
visita-new = Planejar visita
visita-edit = Editar visita
visita-where = Onde
visita-empresa = Empresa
visita-inicio = Início
visita-fim = Fim
visita-dia = Dia
visita-hora-inicio = Das
visita-hora-fim = Até
visita-until = até { $hora }
visita-responsavel = Técnico responsável
visita-situacao = Situação
visita-objetivo = Objetivo
visita-local = Local
visita-local-help = Em branco, é o endereço da empresa.
visita-participantes = Quem vai
visita-colegas = Colegas que vão junto
visita-contatos = Pessoas da empresa
visita-nobody = Ninguém para escolher.
visita-nobody-else = Só o técnico responsável.
visita-resumo = Resumo
visita-resumo-help = O que foi visto, conversado e combinado.
visita-proximos-passos = Próximos passos
visita-proximos-passos-help = O que fazer depois, um por linha.
visita-motivo = Motivo do cancelamento
visita-motivo-help = Fica na história da visita, e quem iria é avisado.
visita-planejada = Planejada
visita-realizada = Realizada
visita-cancelada = Cancelada
visita-late = sem relato
visita-remarcar = Remarcar
visita-realizar = Registrar resultado
visita-realizar-save = Registrar como realizada
visita-relatar = Editar relato
visita-cancelar = Cancelar visita
visita-cancelar-save = Cancelar a visita
visita-reabrir = Reabrir
visita-reabrir-question = Voltar esta visita para planejada? O relato fica guardado.
visita-print = Imprimir
visita-delete-question = Mover esta visita para a lixeira?
visita-tell = A visita já começou. Quando terminar, registre o que foi conversado.
visita-overlap = { $nome } tem outra visita no mesmo horário, das { $de } às { $ate }:
visita-conflict = Outra pessoa alterou esta visita enquanto você escrevia. O que você digitou continua aqui: confira e salve de novo.
visita-moved-to-trash = Visita à { $empresa } de { $at } movida para a lixeira.
visita-chegar = Cheguei
visita-chegar-help = Anota a hora e, se o navegador permitir, onde você está.
visita-chegada = Chegada
visita-chegada-where = ver no mapa
visita-relatorios = Relatórios
visita-relatorios-none = Nenhum relatório anexado.
visita-relatorio-send = Anexar relatório
visita-relatorio-help = PDF ou DOCX. Fica também nos documentos da empresa, na pasta Visitas.
visita-relatorio-title = Relatório de visita técnica
visita-campo = Campo
visita-valor = Conteúdo
visitas-por-situacao = Visitas por situação
visitas-por-responsavel = Visitas por técnico
lixeira-visita = Visita
mescla-visitas = { $n ->
    [one] 1 visita
   *[other] { $n } visitas
}
acervo-visita = Visitas
timeline-visita = Visitas
notice-visita = Visitas em que vou ou de empresas minhas
notice-visita-help = Marcada, remarcada, alterada, cancelada ou reaberta por outra pessoa.
notice-visita-lembrete = Lembrete de visita
notice-visita-lembrete-help = Um dia antes, ou uma hora antes se foi marcada em cima da hora.
visita-notice-planejada = { $nome } marcou uma visita: { $empresa }, { $at }.
visita-notice-remarcada = { $nome } remarcou a visita: { $empresa }, agora { $at }.
visita-notice-alterada = { $nome } alterou a visita: { $empresa }, { $at }.
visita-notice-cancelada = { $nome } cancelou a visita: { $empresa }, { $at }.
visita-notice-reaberta = { $nome } reabriu a visita: { $empresa }, { $at }.
visita-notice-lembrete = Lembrete de visita: { $empresa }, { $at }.
visita-told-planejada = Visita planejada para { $at }
visita-told-alterada = Visita alterada ({ $at })
visita-told-remarcada = Visita remarcada para { $at }
visita-told-realizada = Visita realizada ({ $at })
visita-told-relatada = Relato da visita alterado ({ $at })
visita-told-cancelada = Visita cancelada ({ $at })
visita-told-reaberta = Visita reaberta ({ $at })
visita-told-chegada = Chegada à visita ({ $at })
visita-told-excluida = Visita excluída ({ $at })
visita-told-restaurada = Visita restaurada ({ $at })
toast-visita-planejada = Visita planejada. Quem vai foi avisado.
toast-visita-alterada = Visita alterada.
toast-visita-remarcada = Visita remarcada. Quem vai foi avisado.
toast-visita-realizada = Visita registrada como realizada.
toast-visita-cancelada = Visita cancelada. Quem iria foi avisado.
toast-visita-reaberta = Visita reaberta.
toast-visita-chegada = Chegada anotada.
toast-visita-relatorio = Relatório anexado.
toast-visita-restaurada = Visita restaurada.
error-visita-situacao = A visita não está mais na situação que este passo pede. Abra-a de novo e veja como ela está.
error-visita-futura = A visita ainda não começou: o resultado só pode ser registrado depois.
invalid-visita-fim = O fim precisa ser depois do início.
invalid-visita-longa = Uma visita dura no máximo um dia. Para mais dias, planeje uma para cada.
invalid-visita-responsavel = Escolha uma pessoa ativa da unidade.
invalid-visita-participante = Alguém da lista não pode ir: escolha pessoas ativas da unidade e contatos desta empresa, no máximo 50.
invalid-visita-relatorio = O relatório precisa ser um PDF ou um DOCX.
invalid-visita-arquivo = O arquivo não pôde ser guardado. Confira se é um PDF ou DOCX inteiro e dentro do tamanho permitido.
invalid-visita-empresa = A empresa de uma visita não muda: planeje outra.
invalid-hora = Escreva a hora como 14:30.
invalid-hora-none = Esta hora não existiu: os relógios foram adiantados.
permission-relacionamento-visita-ver = Ver visitas
permission-relacionamento-visita-registrar = Planejar visitas
permission-relacionamento-visita-alterar = Alterar, remarcar, cancelar e relatar visitas
permission-relacionamento-visita-excluir = Excluir e restaurar visitas
permission-relacionamento-visita-exportar = Exportar visitas
audit-visita-planejada = Planejou uma visita
audit-visita-alterada = Alterou uma visita
audit-visita-remarcada = Remarcou uma visita
audit-visita-realizada = Registrou o resultado de uma visita
audit-visita-relatada = Alterou o relato de uma visita
audit-visita-cancelada = Cancelou uma visita
audit-visita-reaberta = Reabriu uma visita
audit-visita-chegada = Anotou a chegada a uma visita
audit-visita-excluida = Moveu uma visita para a lixeira
audit-visita-restaurada = Restaurou uma visita
audit-visita-exportada = Exportou visitas
audit-visita-impressa = Imprimiu uma visita
audit-entity-visita = Visita
desatendidas-title = Empresas sem visita
desatendidas-count = { $n ->
    [0] Nenhuma empresa
    [one] 1 empresa
   *[other] { $n } empresas
}
desatendidas-months = { $n ->
    [one] 1 mês
   *[other] { $n } meses
}
desatendidas-since = Sem visita há
desatendidas-last = Última visita
desatendidas-never = nunca
desatendidas-none = Nenhuma empresa esperando
desatendidas-none-hint = Todas foram visitadas nesse tempo ou já têm visita marcada.
