-- A content in the store of files. The row is committed before the content is put there, so that a content without a row is
-- nobody's; one that no documento took is removed after a day, content first.
CREATE TABLE arquivo (
    id uuid CONSTRAINT arquivo_pkey PRIMARY KEY,
    -- As files::FileKind has it.
    kind text NOT NULL,
    bytes bigint NOT NULL CONSTRAINT arquivo_bytes CHECK (bytes > 0),
    -- SHA-256 of the content.
    hash bytea NOT NULL,
    -- Whether a small picture of it lies beside it.
    miniatura boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX arquivo_created_at_idx ON arquivo (created_at);

-- Bytes of all arquivos together, in the one row that takes turns: two uploads at once cannot both have the last room.
CREATE TABLE arquivo_uso (
    id boolean NOT NULL DEFAULT true CONSTRAINT arquivo_uso_pkey PRIMARY KEY CONSTRAINT arquivo_uso_one CHECK (id),
    bytes bigint NOT NULL CONSTRAINT arquivo_uso_bytes CHECK (bytes >= 0)
);
INSERT INTO arquivo_uso (bytes) VALUES (0);

-- A file that people keep with a record: an empresa today, a visita or demanda later.
CREATE TABLE documento (
    id uuid CONSTRAINT documento_pkey PRIMARY KEY,
    -- Kind and id of the record it is kept with, as in the audit trail.
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    -- '' is the top.
    pasta text NOT NULL,
    nome text NOT NULL,
    -- Number of the versao that is shown.
    versao integer NOT NULL CONSTRAINT documento_versao_first CHECK (versao > 0),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE INDEX documento_entity_idx ON documento (entity, entity_id);
CREATE INDEX documento_deleted_at_idx ON documento (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE documento_versao (
    documento_id uuid NOT NULL CONSTRAINT documento_versao_documento_id_fkey REFERENCES documento (id) ON DELETE CASCADE,
    number integer NOT NULL,
    arquivo_id uuid NOT NULL CONSTRAINT documento_versao_arquivo_id_fkey REFERENCES arquivo (id),
    -- As the file was called when it came.
    nome text NOT NULL,
    actor_id uuid,
    actor_nome text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT documento_versao_pkey PRIMARY KEY (documento_id, number),
    CONSTRAINT documento_versao_arquivo_id_key UNIQUE (arquivo_id)
);

-- What the presets may do with the documentos of empresas. Administrador holds everything without a row.
INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil.id, preset.permissao, preset.escopo
FROM (VALUES
    ('coordenador', 'empresas.documento.ver', 'todas'),
    ('coordenador', 'empresas.documento.enviar', 'todas'),
    ('coordenador', 'empresas.documento.excluir', 'todas'),
    ('atendente', 'empresas.documento.ver', 'proprias'),
    ('atendente', 'empresas.documento.enviar', 'proprias'),
    ('atendente', 'empresas.documento.excluir', 'proprias'),
    ('leitor', 'empresas.documento.ver', 'todas')
) AS preset (key, permissao, escopo)
JOIN perfil ON perfil.key = preset.key
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
