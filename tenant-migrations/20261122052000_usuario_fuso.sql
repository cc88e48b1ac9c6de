-- Where a person reads the clock; NULL: as the unidade does.
ALTER TABLE usuario ADD COLUMN fuso text CONSTRAINT usuario_fuso_length CHECK (char_length(fuso) BETWEEN 1 AND 64);
