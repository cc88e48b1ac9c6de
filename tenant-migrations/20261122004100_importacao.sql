-- One uploaded spreadsheet on its way into the register, and the log of what became of it. The file stays here until it is
-- imported or discarded, so that any process can go on with it.
CREATE TABLE importacao (
    id uuid CONSTRAINT importacao_pkey PRIMARY KEY,
    file_name text NOT NULL,
    -- SHA-256 of the file.
    hash bytea NOT NULL,
    bytes bigint NOT NULL,
    -- NULL once it is done with.
    content bytea,
    state text NOT NULL CONSTRAINT importacao_state CHECK (state IN ('colunas', 'previa', 'concluida', 'descartada')),
    -- What the file is: sheets, header row, sample rows (sheets::read::Inspection).
    inspection jsonb NOT NULL,
    -- Index of the chosen sheet.
    sheet integer NOT NULL,
    -- By column of the file: the field it brings, or null.
    mapping jsonb NOT NULL,
    mode text NOT NULL CONSTRAINT importacao_mode CHECK (mode IN ('criar', 'atualizar', 'ambos')),
    -- Counts of the judgement, and after the import of what was done.
    counts jsonb NOT NULL,
    actor_id uuid,
    actor_nome text NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX importacao_created_at_idx ON importacao (created_at DESC, id DESC);

-- Rows that a person should look at before confirming: wrong, duplicate, doubtful, and the first good ones. The others are
-- only counted: they are read from the file again when it is imported.
CREATE TABLE importacao_linha (
    importacao_id uuid NOT NULL CONSTRAINT importacao_linha_importacao_id_fkey REFERENCES importacao (id) ON DELETE CASCADE,
    -- As the spreadsheet program counts it.
    number integer NOT NULL,
    situacao text NOT NULL CONSTRAINT importacao_linha_situacao CHECK (situacao IN ('nova', 'existente', 'repetida', 'recusada')),
    -- [{ "column": 20, "code": "date-impossible", "args": {} }]
    problems jsonb NOT NULL,
    -- Cells as text, by column of the file.
    cells jsonb NOT NULL,
    CONSTRAINT importacao_linha_pkey PRIMARY KEY (importacao_id, number)
);

-- Which field a column was, for the next file of the same shape.
CREATE TABLE importacao_mapping (
    -- Fingerprint of the header (sheets::read::SheetInfo::shape).
    key text CONSTRAINT importacao_mapping_pkey PRIMARY KEY,
    mapping jsonb NOT NULL,
    used_at timestamptz NOT NULL
);

ALTER TABLE empresa ADD CONSTRAINT empresa_importacao_id_fkey FOREIGN KEY (importacao_id) REFERENCES importacao (id) NOT VALID;
