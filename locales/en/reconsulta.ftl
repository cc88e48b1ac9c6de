# Asking again where many companies stand with the Receita Federal.
audit-reconsulta-cancelada = Cancelled an update of standings with Receita Federal
audit-reconsulta-concluida = Finished an update of standings with Receita Federal
audit-reconsulta-falhou = Did not finish an update of standings with Receita Federal
audit-reconsulta-pedida = Asked for an update of standings with Receita Federal
reconsulta-after = now:
reconsulta-all = All
reconsulta-alteradas = Changed
reconsulta-asked = Asked for on
reconsulta-ausentes = Not found
reconsulta-before = before:
reconsulta-cancel = Cancel
reconsulta-falhas = No answer
reconsulta-finished = Ended on
reconsulta-fora = Out of reach
reconsulta-hint-horas =
    { $n ->
        [one] Receita Federal is asked little by little, without delaying whoever is registering: about { $n } hour. You can leave the page; the bell tells you at the end.
       *[other] Receita Federal is asked little by little, without delaying whoever is registering: about { $n } hours. You can leave the page; the bell tells you at the end.
    }
reconsulta-hint-minutos =
    { $n ->
        [one] Receita Federal is asked little by little, without delaying whoever is registering: about { $n } minute. You can leave the page; the bell tells you at the end.
       *[other] Receita Federal is asked little by little, without delaying whoever is registering: about { $n } minutes. You can leave the page; the bell tells you at the end.
    }
reconsulta-inalteradas = Unchanged
reconsulta-leave = You can leave this page: the bell tells you at the end.
reconsulta-lote-confirm =
    { $n ->
        [one] Look up { $n } company
       *[other] Look up { $n } companies
    }
reconsulta-lote-title = Update standing with Receita
reconsulta-none-yet = No company here so far.
reconsulta-notice =
    Standings with Receita Federal updated: { $n_alteradas ->
        [0] none changed
       *[other] { $n_alteradas } changed
    }, { $n_novas } looked up for the first time, { $n_inalteradas } unchanged, { $n_ausentes } not found, { $n_falhas } without an answer, { $n_fora } out of reach.
reconsulta-notice-falhou = The update of standings with Receita Federal could not be finished.
reconsulta-notice-mudou =
    { $n ->
        [one] A company of yours changed its standing with Receita Federal.
       *[other] { $n } companies of yours changed their standing with Receita Federal.
    }
reconsulta-novas = First lookup
reconsulta-oldest =
    { $n ->
        [one] Update the oldest one
       *[other] Update the { $n } oldest
    }
reconsulta-own = Asked for by you
reconsulta-reason-fault = Something went wrong on our side. What had been answered is kept; ask again for the rest.
reconsulta-reason-forbidden = You may not look up companies any more. What had been answered is kept.
reconsulta-regular = Automatic update of the oldest
reconsulta-repeat = Look up the remaining ones
reconsulta-result = Result
reconsulta-results = Result by company
reconsulta-state = Progress
reconsulta-state-andamento = Looking up
reconsulta-state-cancelada = Cancelled
reconsulta-state-concluida = Finished
reconsulta-state-falhou = Not finished
reconsulta-state-fila = Queued
reconsulta-title = Update of standings with Receita Federal
reconsultas-empty = No update yet
reconsultas-empty-hint = Select companies in the list and choose “Update standing with Receita”, or begin with the oldest. Every night SRI updates some by itself.
reconsultas-sub = Those you asked for and the automatic ones
reconsultas-title = Updates of standings with Receita Federal
toast-reconsulta-cancelada = Update cancelled. What had been answered is kept.
toast-reconsulta-nenhuma = There is no company to look up.
toast-reconsulta-pedida = Update asked for.
