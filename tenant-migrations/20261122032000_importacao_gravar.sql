-- A large file is written by a job: confirmed, and not in the register yet.
ALTER TABLE importacao DROP CONSTRAINT importacao_state;
ALTER TABLE importacao ADD CONSTRAINT importacao_state
    CHECK (state IN ('fila', 'ilegivel', 'colunas', 'previa', 'gravando', 'concluida', 'descartada', 'desfeita'));
-- Who confirmed it, and on whose behalf the job writes.
ALTER TABLE importacao ADD COLUMN confirmada_por uuid;

-- How far the job has come. A row of its own: the importação's is locked by the transaction that writes.
CREATE TABLE importacao_andamento (
    importacao_id uuid CONSTRAINT importacao_andamento_pkey PRIMARY KEY
        CONSTRAINT importacao_andamento_importacao_id_fkey REFERENCES importacao (id) ON DELETE CASCADE,
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL,
    -- Somebody called it off; the job asks before it commits.
    cancelled boolean NOT NULL DEFAULT false
);
