-- The 5 570 municípios (IBGE 2022; coordinates and zones by GeoNames, CC BY 4.0). Filled by the program from its own copy.
CREATE TABLE ref.municipio (
    codigo integer CONSTRAINT municipio_pkey PRIMARY KEY,
    nome text NOT NULL,
    uf text NOT NULL,
    latitude double precision,
    longitude double precision,
    fuso text NOT NULL,
    busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(nome)) STORED
);
CREATE INDEX municipio_busca_idx ON ref.municipio (busca, uf);
-- REFERENCES: the owners of the unidades' tables may point at it.
GRANT SELECT, REFERENCES ON ref.municipio TO PUBLIC;
