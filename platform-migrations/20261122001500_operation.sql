-- Since when nobody can write: a backup made later than this holds everything. NULL while the unidade is served.
ALTER TABLE platform.unidade ADD COLUMN closed_at timestamptz;
-- When the schema of a deleted unidade was dropped; until then the deletion is finished by whoever comes next.
ALTER TABLE platform.unidade ADD COLUMN dropped_at timestamptz;

-- A deleted unidade keeps its slug for ever, but gives back its codigo and its domain.
ALTER TABLE platform.unidade DROP CONSTRAINT unidade_codigo_key;
CREATE UNIQUE INDEX unidade_codigo_key ON platform.unidade (codigo) WHERE status <> 'deleted';
ALTER TABLE platform.unidade DROP CONSTRAINT unidade_custom_domain_key;
CREATE UNIQUE INDEX unidade_custom_domain_key ON platform.unidade (custom_domain) WHERE status <> 'deleted';

-- Finished backups of one unidade each; an unfinished one has no row and no final name.
CREATE TABLE platform.backup (
    id uuid CONSTRAINT backup_pkey PRIMARY KEY,
    unidade_id uuid NOT NULL CONSTRAINT backup_unidade_id_fkey REFERENCES platform.unidade (id),
    kind text NOT NULL CONSTRAINT backup_kind CHECK (kind IN ('archive', 'sql')),
    -- File name in the folder of the backups.
    nome text NOT NULL CONSTRAINT backup_nome_key UNIQUE,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL CONSTRAINT backup_sha256 CHECK (length(sha256) = 32),
    tables integer NOT NULL,
    rows bigint NOT NULL,
    schema_version bigint NOT NULL,
    -- The instant of the snapshot.
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    -- Last time the file was read to its end and found whole.
    verified_at timestamptz,
    -- Last time it was restored into a scratch schema and compared.
    rehearsed_at timestamptz
);
CREATE INDEX backup_unidade_id_idx ON platform.backup (unidade_id, started_at DESC);

-- A unidade on its way to another placement, and what its last way was.
CREATE TABLE platform.move (
    unidade_id uuid CONSTRAINT move_pkey PRIMARY KEY
        CONSTRAINT move_unidade_id_fkey REFERENCES platform.unidade (id),
    source text NOT NULL,
    target text NOT NULL,
    step text NOT NULL CONSTRAINT move_step CHECK (step IN ('copying', 'paused', 'switched', 'done', 'reverted')),
    -- What it goes back to when the pause ends.
    status_before text NOT NULL,
    status_reason text,
    error text,
    started_at timestamptz NOT NULL,
    paused_at timestamptz,
    switched_at timestamptz,
    updated_at timestamptz NOT NULL
);

-- Schemas that no unidade has yet: noted before they are made, so that a killed process leaves nothing unknown behind.
CREATE TABLE platform.scratch (
    id uuid CONSTRAINT scratch_pkey PRIMARY KEY,
    placement text NOT NULL,
    purpose text NOT NULL,
    created_at timestamptz NOT NULL
);
