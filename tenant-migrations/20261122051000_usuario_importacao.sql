-- People on their way in from a spreadsheet: what lies between the file and its confirmation.
CREATE TABLE usuario_importacao (
    id uuid CONSTRAINT usuario_importacao_pkey PRIMARY KEY,
    file_name text NOT NULL,
    -- SHA-256 of the file, for the trail.
    hash bytea NOT NULL,
    headers text[] NOT NULL,
    -- [{ "n": number of the line, "c": [its cells, …] }, …]; emptied when it is over.
    lines jsonb NOT NULL,
    -- By column: nome, email, perfil, setor, or nothing.
    mapping text[] NOT NULL,
    -- Of lines that name none.
    perfil_id uuid CONSTRAINT usuario_importacao_perfil_fkey REFERENCES perfil (id) ON DELETE SET NULL,
    state text NOT NULL CONSTRAINT usuario_importacao_state CHECK (state IN ('previa', 'concluida', 'descartada')),
    -- How many were invited and how many lines were left out, once it is over.
    invited integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL CONSTRAINT usuario_importacao_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    finished_at timestamptz
);
CREATE INDEX usuario_importacao_usuario_idx ON usuario_importacao (created_by);

-- Where whoever is invited is to work.
ALTER TABLE convite ADD COLUMN setor text CONSTRAINT convite_setor_length CHECK (char_length(setor) BETWEEN 1 AND 80);
