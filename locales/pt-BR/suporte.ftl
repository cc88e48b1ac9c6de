# Acesso de suporte (decisão 0017).
suporte-title = Acesso de suporte
suporte-sub = Quem da plataforma pediu para entrar nesta unidade, e quem deixou.
suporte-none = Ninguém pediu acesso
suporte-none-hint = A equipe da plataforma só entra aqui se um administrador deixar.
suporte-pedido = Espera resposta
suporte-concedido = Permitido
suporte-recusado = Recusado
suporte-retirado = Retirado
suporte-vencido = Terminou no prazo
suporte-encerrado = Encerrado
suporte-kind-leitura = Só leitura
suporte-kind-escrita = Leitura e alteração
suporte-minutos =
    { $n ->
        [30] 30 minutos
        [60] 1 hora
        [120] 2 horas
        [240] 4 horas
        [480] 8 horas
       *[other] { $n } minutos
    }
suporte-asked = Pedido em
suporte-decided-by = Respondido por
suporte-until = Até
suporte-idle = Sem uso por { $n } minutos, a sessão termina; enquanto o acesso durar, você entra de novo pelo console.
suporte-ended = Terminou em
suporte-how-long = Por quanto tempo
suporte-allow-escrita = Deixar também alterar registros
suporte-conceder = Permitir acesso
suporte-recusar = Recusar
suporte-encerrar = Encerrar acesso
suporte-banner = Acesso de suporte:
suporte-entrar-title = Entrar como suporte
suporte-entrar-sub = { $nome }, a unidade permitiu o seu acesso ({ $kind }). Tudo o que você fizer fica na auditoria dela.
suporte-entrar = Entrar na unidade
suporte-notice = { $nome }, da equipe da plataforma, pede acesso a esta unidade.
suporte-mail-subject = { $unidade }: pedido de acesso de suporte
suporte-mail-what = { $nome }, da equipe da plataforma, pede para entrar na unidade ({ $kind }) por até { $n } minutos.
suporte-mail-motivo = Motivo: { $motivo }
suporte-mail-action = Responder ao pedido
suporte-mail-note = Sem a sua permissão ninguém entra. Você pode encerrar o acesso a qualquer momento.
audit-suporte-pedido = Pediu acesso de suporte
audit-suporte-concedido = Permitiu acesso de suporte
audit-suporte-recusado = Recusou acesso de suporte
audit-suporte-retirado = Retirou o pedido de suporte
audit-suporte-entrou = Entrou como suporte
audit-suporte-encerrado = Encerrou o acesso de suporte
audit-suporte-vencido = O acesso de suporte terminou no prazo
toast-suporte-over = Este pedido já não espera por isso.
toast-suporte-granted = Acesso permitido.
toast-suporte-refused = Pedido recusado.
toast-suporte-ended = Acesso encerrado.
permission-acesso-suporte-autorizar = Permitir acesso de suporte
error-suporte-limites = O acesso de suporte não chega até aqui. A unidade decide o que ele permite.
console-suporte-sub = Um administrador da unidade precisa permitir; tudo fica nas duas auditorias.
suporte-motivo = Motivo do acesso
suporte-motivo-help = Os administradores da unidade o leem.
suporte-ask-escrita = Pedir também para alterar registros
suporte-pedir = Pedir acesso
suporte-retirar = Retirar pedido
toast-suporte-asked = Pedido enviado aos administradores da unidade.
invalid-suporte-open = Você já tem um pedido ou acesso aberto, ou a unidade não está ativa.
suporte-passagem-go = Continuar
suporte-passagem-sub = Abrindo { $unidade }…
