-- The activities of CNAE 2.3 (IBGE/CONCLA): seções by their letter, divisões, grupos, classes and subclasses by two, three, five
-- and seven digits. Filled by the program from its own copy.
CREATE TABLE ref.cnae (
    codigo text COLLATE "C" CONSTRAINT cnae_pkey PRIMARY KEY
        CONSTRAINT cnae_codigo CHECK (codigo ~ '^([A-Z]|[0-9]{2}|[0-9]{3}|[0-9]{5}|[0-9]{7})$'),
    -- What it is a part of; a seção of nothing.
    pai text COLLATE "C" CONSTRAINT cnae_pai_fkey REFERENCES ref.cnae (codigo),
    nome text NOT NULL
);
GRANT SELECT, REFERENCES ON ref.cnae TO PUBLIC;
