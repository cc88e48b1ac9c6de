# Asking again where many companies stand with the Receita Federal.
audit-reconsulta-cancelada = Cancelou uma atualização da situação na Receita
audit-reconsulta-concluida = Concluiu uma atualização da situação na Receita
audit-reconsulta-falhou = Não concluiu uma atualização da situação na Receita
audit-reconsulta-pedida = Pediu uma atualização da situação na Receita
reconsulta-after = agora:
reconsulta-all = Todas
reconsulta-alteradas = Mudaram
reconsulta-asked = Pedida em
reconsulta-ausentes = Não encontradas
reconsulta-before = antes:
reconsulta-cancel = Cancelar
reconsulta-falhas = Sem resposta
reconsulta-finished = Terminada em
reconsulta-fora = Fora do alcance
reconsulta-hint-horas =
    { $n ->
        [one] A Receita é consultada aos poucos, sem atrasar quem está cadastrando: cerca de { $n } hora. Você pode sair da página; avisamos no sino quando terminar.
       *[other] A Receita é consultada aos poucos, sem atrasar quem está cadastrando: cerca de { $n } horas. Você pode sair da página; avisamos no sino quando terminar.
    }
reconsulta-hint-minutos =
    { $n ->
        [one] A Receita é consultada aos poucos, sem atrasar quem está cadastrando: cerca de { $n } minuto. Você pode sair da página; avisamos no sino quando terminar.
       *[other] A Receita é consultada aos poucos, sem atrasar quem está cadastrando: cerca de { $n } minutos. Você pode sair da página; avisamos no sino quando terminar.
    }
reconsulta-inalteradas = Sem mudança
reconsulta-leave = Você pode sair desta página: avisamos no sino quando terminar.
reconsulta-lote-confirm =
    { $n ->
        [one] Consultar { $n } empresa
       *[other] Consultar { $n } empresas
    }
reconsulta-lote-title = Atualizar situação na Receita
reconsulta-none-yet = Nenhuma empresa aqui por enquanto.
reconsulta-notice =
    Situação na Receita atualizada: { $n_alteradas ->
        [0] nenhuma mudou
        [one] { $n_alteradas } mudou
       *[other] { $n_alteradas } mudaram
    }, { $n_novas } consultadas pela primeira vez, { $n_inalteradas } sem mudança, { $n_ausentes } não encontradas, { $n_falhas } sem resposta, { $n_fora } fora do alcance.
reconsulta-notice-falhou = A atualização da situação na Receita não pôde ser concluída.
reconsulta-notice-mudou =
    { $n ->
        [one] Uma empresa sua mudou de situação na Receita.
       *[other] { $n } empresas suas mudaram de situação na Receita.
    }
reconsulta-novas = Primeira consulta
reconsulta-oldest =
    { $n ->
        [one] Atualizar a mais antiga
       *[other] Atualizar as { $n } mais antigas
    }
reconsulta-own = Pedida por você
reconsulta-reason-fault = Algo deu errado por nossa conta. O que já tinha sido respondido está gravado; peça de novo para o restante.
reconsulta-reason-forbidden = Você não tem mais permissão para consultar. O que já tinha sido respondido está gravado.
reconsulta-regular = Atualização automática das mais antigas
reconsulta-repeat = Consultar as que faltam
reconsulta-result = Resultado
reconsulta-results = Resultado por empresa
reconsulta-state = Andamento
reconsulta-state-andamento = Consultando
reconsulta-state-cancelada = Cancelada
reconsulta-state-concluida = Concluída
reconsulta-state-falhou = Não concluída
reconsulta-state-fila = Na fila
reconsulta-title = Atualização da situação na Receita
reconsultas-empty = Nenhuma atualização ainda
reconsultas-empty-hint = Selecione empresas na lista e escolha “Atualizar situação na Receita”, ou comece pelas mais antigas. Toda noite o SRI atualiza algumas sozinho.
reconsultas-sub = As que você pediu e as automáticas
reconsultas-title = Atualizações da situação na Receita
toast-reconsulta-cancelada = Atualização cancelada. O que já tinha sido respondido fica gravado.
toast-reconsulta-nenhuma = Não há empresa para consultar.
toast-reconsulta-pedida = Atualização pedida.
