-- What somebody is to do, on a record or by itself.
CREATE TABLE tarefa (
    id uuid CONSTRAINT tarefa_pkey PRIMARY KEY,
    titulo text NOT NULL CONSTRAINT tarefa_titulo CHECK (length(titulo) BETWEEN 1 AND 200),
    detalhes text,
    responsavel_id uuid NOT NULL CONSTRAINT tarefa_responsavel_id_fkey REFERENCES usuario (id),
    -- Kind and id of the record it is about, as in the audit trail, and the empresa of that record.
    entity text,
    entity_id uuid,
    empresa_id uuid CONSTRAINT tarefa_empresa_id_fkey REFERENCES empresa (id),
    data_prazo date,
    concluida_at timestamptz,
    criada_por_id uuid CONSTRAINT tarefa_criada_por_id_fkey REFERENCES usuario (id),
    criada_por_nome text NOT NULL,
    -- For which prazo the responsável was reminded.
    data_lembrete date,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- In the lixeira since.
    deleted_at timestamptz,
    CONSTRAINT tarefa_entity CHECK ((entity IS NULL) = (entity_id IS NULL) AND (empresa_id IS NULL OR entity IS NOT NULL))
);
-- Those that are open, of somebody and of all, by when they are due.
CREATE INDEX tarefa_responsavel_id_idx ON tarefa (responsavel_id, data_prazo, id) WHERE deleted_at IS NULL AND concluida_at IS NULL;
CREATE INDEX tarefa_prazo_idx ON tarefa (data_prazo, id) WHERE deleted_at IS NULL AND concluida_at IS NULL;
CREATE INDEX tarefa_concluida_at_idx ON tarefa (concluida_at, id) WHERE deleted_at IS NULL AND concluida_at IS NOT NULL;
CREATE INDEX tarefa_entity_idx ON tarefa (entity, entity_id) WHERE deleted_at IS NULL AND entity IS NOT NULL;
CREATE INDEX tarefa_empresa_id_idx ON tarefa (empresa_id) WHERE deleted_at IS NULL AND empresa_id IS NOT NULL;
CREATE INDEX tarefa_deleted_at_idx ON tarefa (deleted_at, id) WHERE deleted_at IS NOT NULL;

INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil.id, preset.permissao, preset.escopo
FROM (VALUES
    ('coordenador', 'relacionamento.tarefa.gerir', 'todas'),
    ('coordenador', 'relacionamento.tarefa.ver', 'todas'),
    ('atendente', 'relacionamento.tarefa.gerir', 'proprias'),
    ('atendente', 'relacionamento.tarefa.ver', 'proprias'),
    ('leitor', 'relacionamento.tarefa.ver', 'todas')
) AS preset (key, permissao, escopo)
JOIN perfil ON perfil.key = preset.key
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
