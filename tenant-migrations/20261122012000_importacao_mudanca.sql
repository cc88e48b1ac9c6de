-- What an importação must remember of the empresas it wrote so that it can be undone. An empresa that it created is found by
-- empresa.importacao_id and needs a row only where there is something to say beyond that.
CREATE TABLE importacao_mudanca (
    importacao_id uuid NOT NULL CONSTRAINT importacao_mudanca_importacao_id_fkey REFERENCES importacao (id) ON DELETE CASCADE,
    empresa_id uuid NOT NULL CONSTRAINT importacao_mudanca_empresa_id_fkey REFERENCES empresa (id) ON DELETE CASCADE,
    created boolean NOT NULL,
    -- The empresa's version that the import found; NULL where it created it.
    version_before integer,
    -- The version as the import left it: another one means that somebody touched the empresa since.
    version_after integer NOT NULL,
    -- What the empresa said before it was updated; of one created and undone, the segmento that went with it.
    before jsonb,
    -- Why the undo left the empresa as it is.
    reason text CONSTRAINT importacao_mudanca_reason CHECK (reason IN ('alterada', 'excluida', 'usada')),
    CONSTRAINT importacao_mudanca_pkey PRIMARY KEY (importacao_id, empresa_id)
);
CREATE INDEX importacao_mudanca_empresa_id_idx ON importacao_mudanca (empresa_id);

ALTER TABLE importacao DROP CONSTRAINT importacao_state;
ALTER TABLE importacao ADD CONSTRAINT importacao_state
    CHECK (state IN ('colunas', 'previa', 'concluida', 'descartada', 'desfeita'));
-- The segmentos it made. NULL: it cannot be undone, being older than the table above, or too old.
ALTER TABLE importacao ADD COLUMN segmentos uuid[];
ALTER TABLE importacao ADD COLUMN undone_at timestamptz;
ALTER TABLE importacao ADD COLUMN undone_actor_id uuid;
ALTER TABLE importacao ADD COLUMN undone_actor_nome text;
-- How many empresas went, came back to what they were, and stayed.
ALTER TABLE importacao ADD COLUMN undone_counts jsonb;

-- Asked once for each segmento that is deleted, for the empresas in the lixeira as well, which the list's index leaves out.
CREATE INDEX empresa_segmento_id_all_idx ON empresa (segmento_id);
