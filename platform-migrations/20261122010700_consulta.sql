-- What a provider said about a CNPJ: public data, asked once for the whole nation. Only the central placement's copy is used,
-- and only the platform reads it: what a unidade asked for is its own business.
CREATE TABLE ref.cnpj (
    cnpj text COLLATE "C" CONSTRAINT cnpj_pkey PRIMARY KEY CONSTRAINT cnpj_cnpj CHECK (cnpj ~ '^[0-9A-Z]{12}[0-9]{2}$'),
    -- NULL: the provider knows no such CNPJ.
    dados jsonb CONSTRAINT cnpj_dados CHECK (octet_length(dados::text) <= 16384),
    provedor text NOT NULL,
    asked_at timestamptz NOT NULL,
    -- As of when the provider's data are; the instant of asking where it does not say.
    dated_at timestamptz NOT NULL
);

-- How often each provider was asked of late and whether it answers, over all processes and unidades.
CREATE TABLE platform.provedor (
    nome text CONSTRAINT provedor_pkey PRIMARY KEY,
    -- Instants of the latest requests, the oldest first; as many as the limit looks back on.
    asked_at timestamptz[] NOT NULL DEFAULT '{}',
    -- Failures in a row.
    failures integer NOT NULL DEFAULT 0 CONSTRAINT provedor_failures CHECK (failures >= 0),
    -- Nobody asks before: it said so (Retry-After), or it failed too often.
    closed_until timestamptz
) WITH (fillfactor = 50);

-- Who waits for which CNPJ. Gone when it was answered; kept for some minutes when it was not.
CREATE TABLE platform.consulta (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT consulta_pkey PRIMARY KEY,
    unidade_id uuid NOT NULL CONSTRAINT consulta_unidade_id_fkey REFERENCES platform.unidade (id),
    cnpj text COLLATE "C" NOT NULL CONSTRAINT consulta_cnpj CHECK (cnpj ~ '^[0-9A-Z]{12}[0-9]{2}$'),
    -- 0: a person waits for it; 1: nobody does.
    priority smallint NOT NULL CONSTRAINT consulta_priority CHECK (priority IN (0, 1)),
    state text NOT NULL CONSTRAINT consulta_state CHECK (state IN ('waiting', 'running', 'failed')),
    -- While it lies ahead, somebody asks for it just now.
    lease_until timestamptz,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT consulta_key UNIQUE (unidade_id, cnpj)
) WITH (fillfactor = 70);

-- One row: whoever takes a turn locks it, so that no two take the same.
CREATE TABLE platform.consulta_gate (
    single boolean NOT NULL DEFAULT true CONSTRAINT consulta_gate_pkey PRIMARY KEY CONSTRAINT consulta_gate_single CHECK (single),
    -- The unidade served last; the next turn begins behind it.
    turn uuid NOT NULL
) WITH (fillfactor = 20);
INSERT INTO platform.consulta_gate (turn) VALUES ('00000000-0000-0000-0000-000000000000');
