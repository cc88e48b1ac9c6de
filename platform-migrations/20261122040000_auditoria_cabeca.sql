-- The last seal of each unidade's trail as it was told here: its rows and seals cannot vanish from the end unseen. One a day
-- is kept.
CREATE TABLE platform.auditoria_cabeca (
    unidade_id uuid NOT NULL CONSTRAINT auditoria_cabeca_unidade_id_fkey REFERENCES platform.unidade (id),
    numero bigint NOT NULL,
    digest bytea NOT NULL CONSTRAINT auditoria_cabeca_digest CHECK (length(digest) = 32),
    sealed_at timestamptz NOT NULL,
    noted_at timestamptz NOT NULL,
    -- When the unidade was put back to a state from before this seal.
    replaced_at timestamptz,
    CONSTRAINT auditoria_cabeca_pkey PRIMARY KEY (unidade_id, numero, digest)
);
