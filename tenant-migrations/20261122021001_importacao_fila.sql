-- Several files may be sent at once: each waits until it has been read, and one that is no spreadsheet says so.
ALTER TABLE importacao DROP CONSTRAINT importacao_state;
ALTER TABLE importacao ADD CONSTRAINT importacao_state
    CHECK (state IN ('fila', 'ilegivel', 'colunas', 'previa', 'concluida', 'descartada', 'desfeita'));
-- Why it could not be read: { "field": "arquivo", "code": "sheet-empty", "args": [] }
ALTER TABLE importacao ADD COLUMN problem jsonb;
