-- What a letter puts into its reader's calendar. Forgotten once it was sent, or went into the one letter of the day.
ALTER TABLE mensagem ADD COLUMN compromisso jsonb;
