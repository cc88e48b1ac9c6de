-- A file too large to be waited for: made by a job, kept for some days for the one who asked for it.
CREATE TABLE exportacao (
    id uuid CONSTRAINT exportacao_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT exportacao_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    format text NOT NULL CONSTRAINT exportacao_format CHECK (format IN ('xlsx', 'csv', 'pdf')),
    -- What the list's address or the form of its selection said.
    consulta text NOT NULL,
    idioma text NOT NULL,
    file_name text NOT NULL,
    state text NOT NULL CONSTRAINT exportacao_state
        CHECK (state IN ('fila', 'gerando', 'pronta', 'falhou', 'cancelada', 'expirada')),
    -- Rows written so far, and how many there were when it was asked for.
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL,
    bytes bigint,
    -- Where its content lies, from before it is put there until after it was removed.
    arquivo_id uuid,
    -- Why it failed: a code of the catalogue's errors.
    reason text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    expires_at timestamptz
);
CREATE INDEX exportacao_usuario_id_idx ON exportacao (usuario_id, created_at DESC, id DESC);
CREATE INDEX exportacao_created_at_idx ON exportacao (created_at);
