-- A mailed link by which somebody who forgot the senha chooses another one, once and soon.
CREATE TABLE recuperacao (
    id uuid CONSTRAINT recuperacao_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT recuperacao_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL CONSTRAINT recuperacao_token_key UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX recuperacao_usuario_idx ON recuperacao (usuario_id);
