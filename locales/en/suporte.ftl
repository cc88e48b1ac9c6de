# Support access (decision 0017).
suporte-title = Support access
suporte-sub = Who of the platform asked to enter this unit, and who let them.
suporte-none = Nobody has asked for access
suporte-none-hint = The platform's team enters only if an administrator lets them.
suporte-pedido = Waits for an answer
suporte-concedido = Allowed
suporte-recusado = Refused
suporte-retirado = Withdrawn
suporte-vencido = Ran out
suporte-encerrado = Ended
suporte-kind-leitura = Reading only
suporte-kind-escrita = Reading and changing
suporte-minutos =
    { $n ->
        [30] 30 minutes
        [60] 1 hour
        [120] 2 hours
        [240] 4 hours
        [480] 8 hours
       *[other] { $n } minutes
    }
suporte-asked = Asked on
suporte-decided-by = Answered by
suporte-until = Until
suporte-idle = After { $n } minutes without use the session ends; while the access lasts, you come in again from the console.
suporte-ended = Ended on
suporte-how-long = For how long
suporte-allow-escrita = Let them change records too
suporte-conceder = Allow access
suporte-recusar = Refuse
suporte-encerrar = End access
suporte-banner = Support access:
suporte-entrar-title = Enter as support
suporte-entrar-sub = { $nome }, the unit allowed your access ({ $kind }). Everything you do stands in its audit trail.
suporte-entrar = Enter the unit
suporte-notice = { $nome }, of the platform's team, asks for access to this unit.
suporte-mail-subject = { $unidade }: support access requested
suporte-mail-what = { $nome }, of the platform's team, asks to enter the unit ({ $kind }) for up to { $n } minutes.
suporte-mail-motivo = Reason: { $motivo }
suporte-mail-action = Answer the request
suporte-mail-note = Nobody enters without your permission. You can end the access at any moment.
audit-suporte-pedido = Asked for support access
audit-suporte-concedido = Allowed support access
audit-suporte-recusado = Refused support access
audit-suporte-retirado = Withdrew the support request
audit-suporte-entrou = Entered as support
audit-suporte-encerrado = Ended the support access
audit-suporte-vencido = The support access ran out
toast-suporte-over = This request no longer waits for that.
toast-suporte-granted = Access allowed.
toast-suporte-refused = Request refused.
toast-suporte-ended = Access ended.
permission-acesso-suporte-autorizar = Allow support access
error-suporte-limites = Support access does not reach this far. The unit decides what it allows.
console-suporte-sub = An administrator of the unit has to allow it; everything stands in both trails.
suporte-motivo = Reason for the access
suporte-motivo-help = The unit's administrators read it.
suporte-ask-escrita = Ask to change records too
suporte-pedir = Ask for access
suporte-retirar = Withdraw request
toast-suporte-asked = Request sent to the unit's administrators.
invalid-suporte-open = You already have an open request or access, or the unit is not active.
suporte-passagem-go = Continue
suporte-passagem-sub = Opening { $unidade }…
