-- Every row of a file lies here as it was read until the file is imported: what the preview shows, what people set right in it
-- and decide row by row is exactly what the confirmation writes.
ALTER TABLE importacao_linha ADD COLUMN raw bytea;
-- The cells typed over, by column of the file: {"3": "Joinville"}.
ALTER TABLE importacao_linha ADD COLUMN edits jsonb;
-- What to do with this row; NULL: as with all.
ALTER TABLE importacao_linha ADD COLUMN escolha text
    CONSTRAINT importacao_linha_escolha CHECK (escolha IN ('pular', 'preencher', 'sobrescrever'));
-- Of the rows of one CNPJ, the one that somebody said counts; otherwise the first does.
ALTER TABLE importacao_linha ADD COLUMN preferida boolean NOT NULL DEFAULT false;
ALTER TABLE importacao_linha ADD COLUMN cnpj text;
-- A segmento that is not on the list and would be made.
ALTER TABLE importacao_linha ADD COLUMN segmento text;
-- What became of it when the file was imported; NULL: nothing.
ALTER TABLE importacao_linha ADD COLUMN outcome text
    CONSTRAINT importacao_linha_outcome CHECK (outcome IN ('criada', 'atualizada', 'igual'));
ALTER TABLE importacao_linha ADD COLUMN version integer NOT NULL DEFAULT 1;

-- What to do with the rows whose CNPJ is in the register, where a row says nothing of its own.
ALTER TABLE importacao ADD COLUMN escolha text NOT NULL DEFAULT 'pular'
    CONSTRAINT importacao_escolha CHECK (escolha IN ('pular', 'preencher', 'sobrescrever'));

-- A preview from before kept only some of its rows, and those not whole: it is made anew from its columns.
DELETE FROM importacao_linha WHERE importacao_id IN (SELECT id FROM importacao WHERE state = 'previa');
UPDATE importacao SET state = 'colunas' WHERE state = 'previa';
