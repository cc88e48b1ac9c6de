-- What a unidade has set for itself; what is not here is as it comes.
CREATE TABLE parametro (
    nome text CONSTRAINT parametro_pkey PRIMARY KEY,
    valor bigint NOT NULL,
    updated_at timestamptz NOT NULL
);
