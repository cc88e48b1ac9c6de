# Frame of every e-mail.
mail-automatic = Automatic message of the SRI of { $nome }. Replies to this address are not read.
mail-link-hint = If the button does not work, copy this address into your browser:
mail-platform = SRI
notificacao-other-words = A message of another version of the system
mail-notice-heading = Hello, { $nome }
mail-notice-open = Open in the SRI
mail-notice-choose = Choose what I get by e-mail
mail-resumo-subject =
    { $n ->
        [one] Your summary: { $n } notice
       *[other] Your summary: { $n } notices
    }
mail-resumo-text = What happened since the last summary. Each line opens its matter.
mail-resumo-more = There were { $n } notices since the last summary. These are the first { $shown }; all of them are on the panel.
