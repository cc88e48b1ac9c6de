-- What a usuario may do beside or against their perfil, where they work, and the presets that were missing.

-- A permission given to one usuario, or taken from them, whatever their perfil says; until a day, or for good.
CREATE TABLE usuario_permissao (
    usuario_id uuid NOT NULL CONSTRAINT usuario_permissao_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    permissao text NOT NULL,
    -- NULL: taken away.
    escopo text CONSTRAINT usuario_permissao_escopo CHECK (escopo IN ('proprias', 'vinculadas', 'todas')),
    -- Counts before this instant only; NULL: for good.
    expires_at timestamptz,
    created_at timestamptz NOT NULL,
    -- As they were called then.
    created_by_nome text NOT NULL,
    CONSTRAINT usuario_permissao_pkey PRIMARY KEY (usuario_id, permissao)
);

ALTER TABLE usuario
    -- S3-12.10
    ADD COLUMN setor text CONSTRAINT usuario_setor_length CHECK (char_length(setor) BETWEEN 1 AND 80),
    -- Gone for good; the row stays for what they wrote.
    ADD COLUMN deleted_at timestamptz CONSTRAINT usuario_deleted_inactive CHECK (deleted_at IS NULL OR NOT ativo);
ALTER TABLE perfil
    ADD COLUMN descricao text CONSTRAINT perfil_descricao_length CHECK (char_length(descricao) BETWEEN 1 AND 300);
CREATE INDEX token_api_created_by_idx ON token_api (created_by) WHERE revoked_at IS NULL;

-- A unidade may have made a perfil of its own under the name of a preset: then the preset is left out.
INSERT INTO perfil (id, nome, key, administrador, created_at, updated_at)
SELECT gen_random_uuid(), preset.nome, preset.key, preset.key = 'adm', now(), now()
FROM (VALUES ('Master', 'master'), ('Restrito', 'restrito'), ('Adm', 'adm'), ('Supervisor', 'supervisor'), ('Operador', 'operador'),
             ('Cliente Supervisor', 'cliente_supervisor'), ('Cliente', 'cliente')) AS preset (nome, key)
ON CONFLICT DO NOTHING;
