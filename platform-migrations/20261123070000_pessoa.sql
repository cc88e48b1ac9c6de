-- One person, many unidades: which accounts are one person's, and the way between them. Ids alone: names and e-mails stay in the
-- unidades. An account counts only while its own unidade says the same (usuario.conta_id), so that each unidade ends it at once.
CREATE TABLE platform.pessoa (
    id uuid CONSTRAINT pessoa_pkey PRIMARY KEY,
    created_at timestamptz NOT NULL
);
CREATE TABLE platform.conta (
    id uuid CONSTRAINT conta_pkey PRIMARY KEY,
    pessoa_id uuid NOT NULL CONSTRAINT conta_pessoa_id_fkey REFERENCES platform.pessoa (id) ON DELETE CASCADE,
    -- Accounts of one círculo lead into each other; those of another are listed, and entered by their own door.
    circulo_id uuid NOT NULL,
    unidade_id uuid NOT NULL CONSTRAINT conta_unidade_id_fkey REFERENCES platform.unidade (id),
    usuario_id uuid NOT NULL,
    linked_at timestamptz NOT NULL,
    -- Chosen last; the list begins with it.
    last_used_at timestamptz NOT NULL,
    CONSTRAINT conta_unidade_id_usuario_id_key UNIQUE (unidade_id, usuario_id),
    -- Where a person comes to in a unidade is never a choice.
    CONSTRAINT conta_pessoa_id_unidade_id_key UNIQUE (pessoa_id, unidade_id)
);
CREATE INDEX conta_circulo_id_idx ON platform.conta (circulo_id);

-- A passagem from an account: whose, in which sessão, and the browser in which alone it works.
ALTER TABLE platform.passagem
    ADD COLUMN de_unidade_id uuid CONSTRAINT passagem_de_unidade_id_fkey REFERENCES platform.unidade (id),
    ADD COLUMN de_usuario_id uuid,
    ADD COLUMN de_sessao_id uuid,
    ADD COLUMN navegador_hash bytea,
    ADD COLUMN vincula boolean;
