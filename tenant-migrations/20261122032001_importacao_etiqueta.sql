-- A column of a file may bring etiquetas. Those of a row that are not on the list and would be made: ["Feira 2026"]; NULL: none.
ALTER TABLE importacao_linha ADD COLUMN etiquetas jsonb;
-- The etiquetas that it made.
ALTER TABLE importacao ADD COLUMN etiquetas uuid[];
-- What it put on an empresa that was there, and took off.
ALTER TABLE importacao_mudanca ADD COLUMN etiquetas_postas uuid[];
ALTER TABLE importacao_mudanca ADD COLUMN etiquetas_tiradas uuid[];
