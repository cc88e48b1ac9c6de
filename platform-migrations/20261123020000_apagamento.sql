-- Who was erased where, told by the unidades: a restore from an archive of before erases them again, also when the schema that
-- knew of it is lost. Ids alone, of rows that nobody is any more.
CREATE TABLE platform.apagamento (
    unidade_id uuid NOT NULL CONSTRAINT apagamento_unidade_id_fkey REFERENCES platform.unidade (id),
    titular_kind text NOT NULL,
    titular_id uuid NOT NULL,
    por_nome boolean NOT NULL,
    apagado_at timestamptz NOT NULL,
    CONSTRAINT apagamento_pkey PRIMARY KEY (unidade_id, titular_kind, titular_id)
);
