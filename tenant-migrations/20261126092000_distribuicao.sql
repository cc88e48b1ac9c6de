-- To whom a demanda goes for which nobody is named: the first rule that fits and has somebody who is there.
CREATE TABLE distribuicao (
    id uuid CONSTRAINT distribuicao_pkey PRIMARY KEY,
    nome text NOT NULL CONSTRAINT distribuicao_nome CHECK (length(nome) BETWEEN 1 AND 80),
    posicao integer NOT NULL,
    ativa boolean NOT NULL,
    -- What the demanda and its empresa are; empty: anything. Ids that are gone fit nothing, so that no rule grows wider by itself.
    tipos uuid[] NOT NULL,
    setores uuid[] NOT NULL,
    segmentos uuid[] NOT NULL,
    municipios integer[] NOT NULL,
    -- Among several: each in turn, whoever has the fewest open, or the responsável of the empresa.
    modo text NOT NULL CONSTRAINT distribuicao_modo CHECK (modo IN ('revezamento', 'carga', 'empresa')),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Who takes part in a rule.
CREATE TABLE distribuicao_pessoa (
    distribuicao_id uuid NOT NULL CONSTRAINT distribuicao_pessoa_distribuicao_id_fkey REFERENCES distribuicao (id) ON DELETE CASCADE,
    usuario_id uuid NOT NULL CONSTRAINT distribuicao_pessoa_usuario_id_fkey REFERENCES usuario (id),
    -- Number of the turn in which they were last given one; 0: never.
    vez bigint NOT NULL DEFAULT 0,
    CONSTRAINT distribuicao_pessoa_pkey PRIMARY KEY (distribuicao_id, usuario_id)
);
CREATE INDEX distribuicao_pessoa_usuario_id_idx ON distribuicao_pessoa (usuario_id);
