-- Words that people stick on empresas to find them again; the unidade's own.
CREATE TABLE etiqueta (
    id uuid CONSTRAINT etiqueta_pkey PRIMARY KEY,
    nome text NOT NULL CONSTRAINT etiqueta_nome CHECK (length(nome) BETWEEN 1 AND 40),
    -- One whatever the case and the accents.
    busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(nome)) STORED CONSTRAINT etiqueta_busca_key UNIQUE,
    cor text NOT NULL CONSTRAINT etiqueta_cor CHECK
        (cor IN ('cinza', 'azul', 'turquesa', 'verde', 'ambar', 'laranja', 'vermelho', 'rosa', 'roxo')),
    created_at timestamptz NOT NULL
);

CREATE TABLE empresa_etiqueta (
    empresa_id uuid NOT NULL CONSTRAINT empresa_etiqueta_empresa_id_fkey REFERENCES empresa (id) ON DELETE CASCADE,
    etiqueta_id uuid NOT NULL CONSTRAINT empresa_etiqueta_etiqueta_id_fkey REFERENCES etiqueta (id) ON DELETE CASCADE,
    CONSTRAINT empresa_etiqueta_pkey PRIMARY KEY (empresa_id, etiqueta_id)
);
-- The list of those that have one, read from the index alone.
CREATE INDEX empresa_etiqueta_etiqueta_id_idx ON empresa_etiqueta (etiqueta_id, empresa_id);

ALTER TABLE empresa_lote DROP CONSTRAINT empresa_lote_action;
ALTER TABLE empresa_lote ADD CONSTRAINT empresa_lote_action
    CHECK (action IN ('situacao', 'responsavel', 'excluir', 'etiquetar', 'desetiquetar'));
-- The one that a lote put on or took off; one that is gone meanwhile has nothing to come back to.
ALTER TABLE empresa_lote ADD COLUMN etiqueta_id uuid CONSTRAINT empresa_lote_etiqueta_id_fkey REFERENCES etiqueta (id) ON DELETE SET NULL;

-- Whoever works with all empresas makes the words for them, too. Administrador holds everything without a row.
INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil.id, 'empresas.etiqueta.gerir', 'todas'
FROM perfil WHERE perfil.key = 'coordenador'
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
