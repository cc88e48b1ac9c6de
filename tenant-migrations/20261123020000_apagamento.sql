-- Who was erased on request, and what became of their data: a receipt without the person. `titular_id` leads nowhere any more;
-- after a restore it finds the person again, so that they are erased again.
CREATE TABLE apagamento (
    id uuid CONSTRAINT apagamento_pkey PRIMARY KEY,
    protocolo text NOT NULL CONSTRAINT apagamento_protocolo_key UNIQUE,
    titular_kind text NOT NULL CONSTRAINT apagamento_titular_kind CHECK (length(titular_kind) BETWEEN 1 AND 40),
    titular_id uuid NOT NULL,
    -- Whether texts with their full name alone were taken as theirs.
    por_nome boolean NOT NULL,
    -- Records of each place: { place: [erased, anonymised, kept] }.
    efeitos jsonb NOT NULL CONSTRAINT apagamento_efeitos CHECK (jsonb_typeof(efeitos) = 'object'),
    -- Rows of the trail that tell of them; they go when their time is over.
    linhas uuid[] NOT NULL,
    actor_id uuid,
    actor_nome text NOT NULL,
    created_at timestamptz NOT NULL,
    -- When a restore brought them back for the last time, and they were erased again.
    reapplied_at timestamptz,
    CONSTRAINT apagamento_titular_key UNIQUE (titular_kind, titular_id)
);
CREATE INDEX apagamento_created_at_idx ON apagamento (created_at DESC, id DESC);
