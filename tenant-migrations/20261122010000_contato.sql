-- The people at an empresa beside the one that stands in its record: who to call about what.
CREATE TABLE contato (
    id uuid CONSTRAINT contato_pkey PRIMARY KEY,
    empresa_id uuid NOT NULL CONSTRAINT contato_empresa_id_fkey REFERENCES empresa (id),
    nome text NOT NULL CONSTRAINT contato_nome CHECK (length(nome) BETWEEN 1 AND 120),
    cargo text,
    -- What the unidade talks to them about.
    papel text CONSTRAINT contato_papel CHECK
        (papel IN ('direcao', 'rh', 'producao', 'manutencao', 'qualidade', 'seguranca', 'compras', 'financeiro', 'outro')),
    email text,
    -- E.164.
    telefone text,
    observacoes text,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- In the lixeira since.
    deleted_at timestamptz
);
CREATE INDEX contato_empresa_id_idx ON contato (empresa_id) WHERE deleted_at IS NULL;
