-- Passkeys: a key pair in a telephone, computer or stick, of which only the public half is here.
CREATE TABLE chave (
    id uuid CONSTRAINT chave_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT chave_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    nome text NOT NULL,
    credencial_id bytea NOT NULL CONSTRAINT chave_credencial_key UNIQUE,
    -- The public key, counter and flags, as the library writes them.
    content jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX chave_usuario_idx ON chave (usuario_id);

-- What a browser was asked to sign, until it answers; once, and within minutes.
CREATE TABLE desafio (
    token_hash bytea CONSTRAINT desafio_pkey PRIMARY KEY,
    -- NULL: nobody yet; the chave will tell.
    usuario_id uuid CONSTRAINT desafio_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    kind text NOT NULL CONSTRAINT desafio_kind CHECK (kind IN ('registro', 'fator', 'entrada')),
    state jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX desafio_usuario_idx ON desafio (usuario_id);
