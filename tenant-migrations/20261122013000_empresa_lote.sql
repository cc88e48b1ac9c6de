-- Many empresas changed in one go, kept for a day so that whoever did it can undo it. The trail of each empresa is in auditoria.
CREATE TABLE empresa_lote (
    id uuid CONSTRAINT empresa_lote_pkey PRIMARY KEY,
    action text NOT NULL CONSTRAINT empresa_lote_action CHECK (action IN ('situacao', 'responsavel', 'excluir')),
    -- Who did it: the usuario or the token.
    actor_id uuid,
    -- Query string of the list it came from, to go back to.
    consulta text NOT NULL,
    changed integer NOT NULL,
    -- Those that were so already.
    unchanged integer NOT NULL,
    created_at timestamptz NOT NULL,
    undone_at timestamptz,
    -- How many came back; the others were changed meanwhile.
    undone integer
);
CREATE INDEX empresa_lote_created_at_idx ON empresa_lote (created_at);

-- An empresa as it was before.
CREATE TABLE empresa_lote_linha (
    lote_id uuid NOT NULL CONSTRAINT empresa_lote_linha_lote_id_fkey REFERENCES empresa_lote (id) ON DELETE CASCADE,
    -- No reference: one that is gone for good meanwhile has nothing to come back to.
    empresa_id uuid NOT NULL,
    -- The version that the lote made of it; at any other it was changed since.
    version integer NOT NULL,
    situacao text NOT NULL,
    responsavel_id uuid,
    responsavel_nome text,
    CONSTRAINT empresa_lote_linha_pkey PRIMARY KEY (lote_id, empresa_id)
);
