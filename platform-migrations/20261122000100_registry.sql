-- The register of unidades. Meaningful in the central database; the other placements carry the empty tables, so that one
-- stream serves all.
CREATE TABLE platform.unidade (
    id uuid CONSTRAINT unidade_pkey PRIMARY KEY,
    slug text NOT NULL CONSTRAINT unidade_slug_key UNIQUE
        CONSTRAINT unidade_slug_grammar CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' AND slug !~ '^xn--'),
    codigo text NOT NULL CONSTRAINT unidade_codigo_key UNIQUE,
    nome text NOT NULL,
    placement text NOT NULL,
    status text NOT NULL
        CONSTRAINT unidade_status CHECK (status IN
            ('provisioning', 'active', 'suspended', 'maintenance', 'migrating', 'moving', 'archived', 'deleted')),
    -- Why it is suspended or in maintenance, in the words of who did it.
    status_reason text,
    -- Mirror of the newest version in the schema's own _migration; the schema is the truth.
    schema_version bigint NOT NULL DEFAULT 0,
    migration_error text,
    modules text[] NOT NULL DEFAULT '{}',
    municipio_id integer,
    fuso text NOT NULL DEFAULT 'America/Sao_Paulo',
    -- Brand: { "primaria": "#164194", "destaque": "#E84910", "logo": "<hash>" }.
    tema jsonb NOT NULL DEFAULT '{}',
    custom_domain text CONSTRAINT unidade_custom_domain_key UNIQUE,
    -- Sealed password of the unidade's own login role i_<hex>.
    login_secret bytea,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- The steps of a provisioning, so that a killed worker goes on where it stopped.
CREATE TABLE platform.provisioning (
    unidade_id uuid CONSTRAINT provisioning_pkey PRIMARY KEY
        CONSTRAINT provisioning_unidade_id_fkey REFERENCES platform.unidade (id),
    step text NOT NULL CONSTRAINT provisioning_step CHECK (step IN ('requested', 'schema', 'admin', 'done', 'failed')),
    admin_nome text NOT NULL,
    admin_email text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    error text,
    requested_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Schemas made in advance; a new unidade takes the id of one and is ready at once.
CREATE TABLE platform.spare (
    id uuid CONSTRAINT spare_pkey PRIMARY KEY,
    placement text NOT NULL,
    schema_version bigint NOT NULL,
    login_secret bytea NOT NULL,
    ready_at timestamptz NOT NULL
);

-- The platform's own trail, apart from the unidades' (P-12). Append-only.
CREATE TABLE platform.auditoria (
    id uuid CONSTRAINT auditoria_pkey PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_nome text NOT NULL,
    ip inet,
    user_agent text,
    request_id uuid,
    action text NOT NULL,
    unidade_id uuid,
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX auditoria_at_idx ON platform.auditoria (at DESC);
CREATE INDEX auditoria_unidade_id_idx ON platform.auditoria (unidade_id, at DESC);
