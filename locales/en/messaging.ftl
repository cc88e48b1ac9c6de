# Frame of every e-mail.
mail-automatic = Automatic message of the SRI of { $nome }. Replies to this address are not read.
mail-link-hint = If the button does not work, copy this address into your browser:
mail-platform = SRI
notificacao-other-words = A message of another version of the system
mail-notice-heading = Hello, { $nome }
mail-notice-open = Open in the SRI
mail-notice-choose = Choose what I get by e-mail
