-- Many empresas whose situação at the Receita Federal is asked again, one after the other, behind everybody who waits for an
-- answer: asked for by a person, or by the product itself for those that were asked longest ago.
CREATE TABLE reconsulta (
    id uuid CONSTRAINT reconsulta_pkey PRIMARY KEY,
    -- NULL: the product itself.
    usuario_id uuid CONSTRAINT reconsulta_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Query string of the list it was asked from, to go back to.
    consulta text NOT NULL,
    state text NOT NULL CONSTRAINT reconsulta_state CHECK (state IN ('fila', 'andamento', 'concluida', 'cancelada', 'falhou')),
    total integer NOT NULL,
    -- What came of those that are done.
    inalteradas integer NOT NULL DEFAULT 0,
    alteradas integer NOT NULL DEFAULT 0,
    novas integer NOT NULL DEFAULT 0,
    ausentes integer NOT NULL DEFAULT 0,
    falhas integer NOT NULL DEFAULT 0,
    fora integer NOT NULL DEFAULT 0,
    -- Questions in a row to which nobody answered.
    silencios smallint NOT NULL DEFAULT 0,
    -- Why it failed: a code.
    reason text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX reconsulta_usuario_id_idx ON reconsulta (usuario_id, created_at DESC, id DESC);
CREATE INDEX reconsulta_created_at_idx ON reconsulta (created_at);

-- One of them, with what it came to.
CREATE TABLE reconsulta_linha (
    reconsulta_id uuid NOT NULL CONSTRAINT reconsulta_linha_reconsulta_id_fkey REFERENCES reconsulta (id) ON DELETE CASCADE,
    -- No reference: one that is gone for good meanwhile is told as out of reach.
    empresa_id uuid NOT NULL,
    position integer NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    -- NULL as long as it waits.
    resultado text CONSTRAINT reconsulta_linha_resultado
        CHECK (resultado IN ('inalterada', 'alterada', 'nova', 'ausente', 'falhou', 'fora')),
    before text,
    after text,
    answered_at timestamptz,
    CONSTRAINT reconsulta_linha_pkey PRIMARY KEY (reconsulta_id, empresa_id)
);
CREATE INDEX reconsulta_linha_espera_idx ON reconsulta_linha (reconsulta_id, attempts, position) WHERE resultado IS NULL;
CREATE INDEX reconsulta_linha_empresa_id_idx ON reconsulta_linha (empresa_id, answered_at);
