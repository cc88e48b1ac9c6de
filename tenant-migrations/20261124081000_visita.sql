-- When somebody of the unidade goes to an empresa (S0-4).
CREATE TABLE visita (
    id uuid CONSTRAINT visita_pkey PRIMARY KEY,
    empresa_id uuid NOT NULL CONSTRAINT visita_empresa_id_fkey REFERENCES empresa (id),
    -- The técnico who goes; no id where a spreadsheet of the past named somebody who is nobody here.
    responsavel_id uuid CONSTRAINT visita_responsavel_id_fkey REFERENCES usuario (id),
    responsavel_nome text NOT NULL CONSTRAINT visita_responsavel_nome CHECK (length(responsavel_nome) BETWEEN 1 AND 120),
    inicio_at timestamptz NOT NULL,
    fim_at timestamptz NOT NULL,
    objetivo text NOT NULL CONSTRAINT visita_objetivo CHECK (length(objetivo) BETWEEN 1 AND 5000),
    -- NULL: at the address of the empresa.
    local text,
    situacao text NOT NULL CONSTRAINT visita_situacao CHECK (situacao IN ('planejada', 'realizada', 'cancelada')),
    -- Of one that took place.
    resumo text,
    proximos_passos text,
    -- Of one that did not.
    motivo text,
    -- Who was there, from their telephone: when, and where if they said so.
    chegada_at timestamptz,
    latitude double precision CONSTRAINT visita_latitude CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision CONSTRAINT visita_longitude CHECK (longitude BETWEEN -180 AND 180),
    -- Metres around the position in which they were with 95 in 100.
    precisao integer CONSTRAINT visita_precisao CHECK (precisao >= 0),
    -- For which beginning those who go were reminded.
    lembrete_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- In the lixeira since.
    deleted_at timestamptz,
    -- What the search box looks through by substring.
    busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(objetivo || ' ' || coalesce(resumo, '') || ' ' || responsavel_nome)) STORED,
    CONSTRAINT visita_fim CHECK (fim_at > inicio_at),
    CONSTRAINT visita_motivo CHECK (situacao <> 'cancelada' OR motivo IS NOT NULL),
    CONSTRAINT visita_posicao CHECK ((latitude IS NULL) = (longitude IS NULL) AND (latitude IS NULL OR chegada_at IS NOT NULL))
);
-- The list, which begins with the latest, and its exact count, out of the index alone.
CREATE INDEX visita_lista_idx ON visita (inicio_at, id) INCLUDE (situacao, responsavel_id, empresa_id) WHERE deleted_at IS NULL;
CREATE INDEX visita_empresa_id_idx ON visita (empresa_id, inicio_at) WHERE deleted_at IS NULL;
CREATE INDEX visita_responsavel_id_idx ON visita (responsavel_id, inicio_at) WHERE deleted_at IS NULL;
CREATE INDEX visita_deleted_at_idx ON visita (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX visita_busca_idx ON visita USING gin (busca ext.gin_trgm_ops) WHERE deleted_at IS NULL;

-- Who else goes, of the unidade or of the empresa.
CREATE TABLE visita_participante (
    id uuid CONSTRAINT visita_participante_pkey PRIMARY KEY,
    visita_id uuid NOT NULL CONSTRAINT visita_participante_visita_id_fkey REFERENCES visita (id) ON DELETE CASCADE,
    usuario_id uuid CONSTRAINT visita_participante_usuario_id_fkey REFERENCES usuario (id),
    contato_id uuid CONSTRAINT visita_participante_contato_id_fkey REFERENCES contato (id) ON DELETE CASCADE,
    CONSTRAINT visita_participante_one CHECK ((usuario_id IS NULL) <> (contato_id IS NULL)),
    CONSTRAINT visita_participante_usuario_key UNIQUE (visita_id, usuario_id),
    CONSTRAINT visita_participante_contato_key UNIQUE (visita_id, contato_id)
);
CREATE INDEX visita_participante_usuario_id_idx ON visita_participante (usuario_id) WHERE usuario_id IS NOT NULL;
CREATE INDEX visita_participante_contato_id_idx ON visita_participante (contato_id) WHERE contato_id IS NOT NULL;

-- Its written report lies among the documentos of the empresa, in the pasta of visitas.
CREATE TABLE visita_documento (
    visita_id uuid NOT NULL CONSTRAINT visita_documento_visita_id_fkey REFERENCES visita (id) ON DELETE CASCADE,
    documento_id uuid NOT NULL CONSTRAINT visita_documento_documento_id_fkey REFERENCES documento (id) ON DELETE CASCADE,
    CONSTRAINT visita_documento_pkey PRIMARY KEY (visita_id, documento_id)
);
CREATE INDEX visita_documento_documento_id_idx ON visita_documento (documento_id);

-- What the presets may do with visitas (S0-2.9 to S0-2.15). Administrador holds everything without a row.
INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil.id, preset.permissao, preset.escopo
FROM (VALUES
    ('coordenador', 'relacionamento.visita.alterar', 'todas'),
    ('coordenador', 'relacionamento.visita.excluir', 'todas'),
    ('coordenador', 'relacionamento.visita.exportar', 'todas'),
    ('coordenador', 'relacionamento.visita.registrar', 'todas'),
    ('coordenador', 'relacionamento.visita.ver', 'todas'),
    ('atendente', 'relacionamento.visita.alterar', 'proprias'),
    ('atendente', 'relacionamento.visita.exportar', 'proprias'),
    ('atendente', 'relacionamento.visita.registrar', 'proprias'),
    ('atendente', 'relacionamento.visita.ver', 'proprias'),
    ('leitor', 'relacionamento.visita.exportar', 'todas'),
    ('leitor', 'relacionamento.visita.ver', 'todas')
) AS preset (key, permissao, escopo)
JOIN perfil ON perfil.key = preset.key
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
