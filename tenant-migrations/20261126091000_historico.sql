-- What was before this program: spreadsheets of visitas and demandas on their way in, and the log of what became of them (S0-8).
CREATE TABLE historico_importacao (
    id uuid CONSTRAINT historico_importacao_pkey PRIMARY KEY,
    especie text NOT NULL CONSTRAINT historico_importacao_especie CHECK (especie IN ('visita', 'demanda')),
    file_name text NOT NULL,
    -- SHA-256 of the file.
    hash bytea NOT NULL,
    headers text[] NOT NULL,
    -- [{ "n": number of the line, "c": [its cells, …] }, …]; emptied when it is over.
    lines jsonb NOT NULL,
    -- By column: the field that it brings, or nothing.
    mapping text[] NOT NULL,
    -- Of demandas whose line names none.
    tipo_id uuid CONSTRAINT historico_importacao_tipo_id_fkey REFERENCES demanda_tipo (id) ON DELETE SET NULL,
    state text NOT NULL CONSTRAINT historico_importacao_state CHECK (state IN ('previa', 'concluida', 'descartada', 'desfeita')),
    -- How many came in, were there already and could not come in, once it is over; how many an undo took back.
    imported integer NOT NULL DEFAULT 0,
    repeated integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    undone integer NOT NULL DEFAULT 0,
    -- [{ "n": number of the line, "c": [its cells, …], "m": why it did not come in }, …]; emptied after some weeks.
    left_out jsonb NOT NULL DEFAULT '[]',
    actor_id uuid NOT NULL CONSTRAINT historico_importacao_actor_id_fkey REFERENCES usuario (id),
    actor_nome text NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX historico_importacao_created_at_idx ON historico_importacao (created_at, id);
CREATE INDEX historico_importacao_actor_id_idx ON historico_importacao (actor_id);
CREATE INDEX historico_importacao_tipo_id_idx ON historico_importacao (tipo_id) WHERE tipo_id IS NOT NULL;

-- Of which spreadsheet it is.
ALTER TABLE visita ADD COLUMN historico_id uuid
    CONSTRAINT visita_historico_id_fkey REFERENCES historico_importacao (id);
ALTER TABLE demanda ADD COLUMN historico_id uuid
    CONSTRAINT demanda_historico_id_fkey REFERENCES historico_importacao (id);
CREATE INDEX visita_historico_id_idx ON visita (historico_id) WHERE historico_id IS NOT NULL;
CREATE INDEX demanda_historico_id_idx ON demanda (historico_id) WHERE historico_id IS NOT NULL;

INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil.id, 'relacionamento.historico.importar', 'todas' FROM perfil WHERE perfil.key = 'coordenador'
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
