-- Two empresas that may be one and the same: found by a job that looks at all of them, kept until it looks again.
CREATE TABLE empresa_par (
    -- The smaller of the two ids, so that a pair is one whichever way it is named. No references: thousands of rows are written
    -- at once, and each would lock two empresas; whoever reads joins them.
    first_id uuid NOT NULL,
    last_id uuid NOT NULL,
    -- What speaks for it: the root of the CNPJ, how alike the names are (0 to 100; 0 where that says nothing), e-mail, telefone.
    raiz boolean NOT NULL,
    nome smallint NOT NULL,
    email boolean NOT NULL,
    telefone boolean NOT NULL,
    -- All of it together, 1 to 100.
    score smallint NOT NULL,
    CONSTRAINT empresa_par_pkey PRIMARY KEY (first_id, last_id),
    CONSTRAINT empresa_par_order CHECK (first_id < last_id)
);
CREATE INDEX empresa_par_score_idx ON empresa_par (score DESC, first_id, last_id);
CREATE INDEX empresa_par_last_id_idx ON empresa_par (last_id);

-- Pairs of which somebody said that they are two. Kept for good, whatever the job finds later.
CREATE TABLE empresa_par_dispensado (
    first_id uuid NOT NULL CONSTRAINT empresa_par_dispensado_first_id_fkey REFERENCES empresa (id) ON DELETE CASCADE,
    last_id uuid NOT NULL CONSTRAINT empresa_par_dispensado_last_id_fkey REFERENCES empresa (id) ON DELETE CASCADE,
    actor_id uuid,
    actor_nome text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT empresa_par_dispensado_pkey PRIMARY KEY (first_id, last_id),
    CONSTRAINT empresa_par_dispensado_order CHECK (first_id < last_id)
);
CREATE INDEX empresa_par_dispensado_last_id_idx ON empresa_par_dispensado (last_id);

-- When the job looked last; one row.
CREATE TABLE empresa_par_busca (
    id boolean NOT NULL DEFAULT true CONSTRAINT empresa_par_busca_pkey PRIMARY KEY CONSTRAINT empresa_par_busca_one CHECK (id),
    -- Somebody asked for it and it has not finished since.
    due_at timestamptz,
    finished_at timestamptz,
    -- Empresas it looked at.
    rows integer NOT NULL DEFAULT 0
);
INSERT INTO empresa_par_busca DEFAULT VALUES;

-- Of two empresas one was made: what it takes to make two of it again.
CREATE TABLE empresa_mescla (
    id uuid CONSTRAINT empresa_mescla_pkey PRIMARY KEY,
    -- The one that stayed, and the one that went to the lixeira.
    empresa_id uuid NOT NULL CONSTRAINT empresa_mescla_empresa_id_fkey REFERENCES empresa (id) ON DELETE CASCADE,
    mesclada_id uuid NOT NULL CONSTRAINT empresa_mescla_mesclada_id_fkey REFERENCES empresa (id) ON DELETE CASCADE,
    actor_id uuid,
    actor_nome text NOT NULL,
    created_at timestamptz NOT NULL,
    -- Columns of the one that stayed: those that the mescla changed, as they were and as it made them.
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    -- What hung on the other and hangs on this one since: by the name of its kind, the ids.
    moved jsonb NOT NULL,
    undone_at timestamptz,
    undone_actor_id uuid,
    undone_actor_nome text,
    -- What stayed as it was when it was undone, having changed since.
    kept jsonb
);
-- Where the old address leads; an empresa is merged into one other at a time.
CREATE UNIQUE INDEX empresa_mescla_mesclada_id_key ON empresa_mescla (mesclada_id) WHERE undone_at IS NULL;
CREATE INDEX empresa_mescla_empresa_id_idx ON empresa_mescla (empresa_id, created_at);
