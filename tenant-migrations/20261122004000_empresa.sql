-- The industrial segments a unidade works with; an import adds what it does not find.
CREATE TABLE segmento (
    id uuid CONSTRAINT segmento_pkey PRIMARY KEY,
    nome text NOT NULL CONSTRAINT segmento_nome CHECK (length(nome) BETWEEN 1 AND 80),
    busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(nome)) STORED CONSTRAINT segmento_busca_key UNIQUE,
    created_at timestamptz NOT NULL
);

-- UUIDv7 by hand: PostgreSQL 15 has none, and ids must differ between unidades.
INSERT INTO segmento (id, nome, created_at)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
       nome, now()
FROM unnest(ARRAY[
    'Alimentos e bebidas', 'Automotivo', 'Cerâmica', 'Construção civil', 'Couro e calçados', 'Eletroeletrônico', 'Energia',
    'Gráfico e editorial', 'Logística', 'Metalmecânica', 'Minerais não metálicos', 'Moveleiro', 'Naval', 'Papel e celulose',
    'Plástico e borracha', 'Químico', 'Serviços', 'Siderurgia', 'Tecnologia da informação', 'Têxtil e vestuário'
]) AS nome;

CREATE TABLE empresa (
    id uuid CONSTRAINT empresa_pkey PRIMARY KEY,
    -- Razão social.
    nome text NOT NULL CONSTRAINT empresa_nome CHECK (length(nome) BETWEEN 1 AND 200),
    nome_fantasia text,
    -- 14 upper-case characters. C: what somebody typed of it from the left is a range of the index.
    cnpj text COLLATE "C" NOT NULL CONSTRAINT empresa_cnpj CHECK (cnpj ~ '^[0-9A-Z]{12}[0-9]{2}$'),
    inscricao_estadual text,
    -- Seven digits: 2511000 is 2511-0/00.
    cnae text CONSTRAINT empresa_cnae CHECK (cnae ~ '^[0-9]{7}$'),
    segmento_id uuid CONSTRAINT empresa_segmento_id_fkey REFERENCES segmento (id),
    porte text CONSTRAINT empresa_porte CHECK (porte IN ('mei', 'me', 'epp', 'medio', 'grande')),
    situacao text NOT NULL CONSTRAINT empresa_situacao CHECK (situacao IN ('ativo', 'inativo', 'prospect', 'estrategico')),
    email text,
    -- E.164.
    telefone text,
    site text,
    cep text CONSTRAINT empresa_cep CHECK (cep ~ '^[0-9]{8}$'),
    logradouro text,
    numero text,
    bairro text,
    municipio_id integer CONSTRAINT empresa_municipio_id_fkey REFERENCES ref.municipio (codigo),
    -- The município's name as in ref, where neither a generated column nor an index can look it up.
    cidade text,
    uf text,
    contato_nome text,
    contato_cargo text,
    responsavel_id uuid CONSTRAINT empresa_responsavel_id_fkey REFERENCES usuario (id),
    -- The name that a spreadsheet brought, when it is nobody's here.
    responsavel_nome text,
    data_fundacao date,
    faturamento numeric(14, 2),
    funcionarios integer CONSTRAINT empresa_funcionarios CHECK (funcionarios >= 0),
    observacoes text,
    data_cadastro date NOT NULL,
    importacao_id uuid,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- In the lixeira since.
    deleted_at timestamptz,
    -- What lists are sorted by; C, since accents and case are gone already.
    ordem text COLLATE "C" NOT NULL GENERATED ALWAYS AS (ext.sem_acento(nome)) STORED,
    -- What the search box looks through by substring.
    busca text NOT NULL GENERATED ALWAYS AS
        (ext.sem_acento(nome || ' ' || coalesce(nome_fantasia, '') || ' ' || coalesce(cidade, ''))) STORED
);

-- A CNPJ in the lixeira may be registered again.
CREATE UNIQUE INDEX empresa_cnpj_key ON empresa (cnpj) WHERE deleted_at IS NULL;
-- The list by name, with any filter, is read from the index alone: the page and all that it skips.
CREATE INDEX empresa_lista_idx ON empresa (ordem, id) INCLUDE (situacao, uf, porte, segmento_id, municipio_id, responsavel_id)
    WHERE deleted_at IS NULL;
CREATE INDEX empresa_cidade_idx ON empresa (cidade COLLATE "C", id) WHERE deleted_at IS NULL;
-- Exact counts without touching a row; small, because equal keys share their entry.
CREATE INDEX empresa_filtro_idx ON empresa (situacao, uf, porte, segmento_id) WHERE deleted_at IS NULL;
-- The search box finds a segmento's empresas too.
CREATE INDEX empresa_segmento_id_idx ON empresa (segmento_id) WHERE deleted_at IS NULL;
CREATE INDEX empresa_responsavel_id_idx ON empresa (responsavel_id) WHERE deleted_at IS NULL AND responsavel_id IS NOT NULL;
CREATE INDEX empresa_deleted_at_idx ON empresa (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX empresa_busca_idx ON empresa USING gin (busca ext.gin_trgm_ops) WHERE deleted_at IS NULL;
