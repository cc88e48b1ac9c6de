# Frame of every e-mail.
mail-automatic = Mensagem automática do SRI de { $nome }. Respostas a este endereço não são lidas.
mail-link-hint = Se o botão não funcionar, copie este endereço no navegador:
mail-platform = SRI
notificacao-other-words = Um aviso de outra versão do sistema
mail-notice-heading = Olá, { $nome }
mail-notice-open = Abrir no SRI
mail-notice-choose = Escolher o que recebo por e-mail
mail-resumo-subject =
    { $n ->
        [one] Seu resumo: { $n } aviso
       *[other] Seu resumo: { $n } avisos
    }
mail-resumo-text = O que aconteceu desde o último resumo. Cada linha abre o assunto.
mail-resumo-more = Foram { $n } avisos desde o último resumo. Aqui estão os primeiros { $shown }; todos estão no painel.
