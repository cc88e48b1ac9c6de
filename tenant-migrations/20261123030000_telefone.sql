-- Entering by a code on the telephone (S2-7), and the way to telephones.

-- Where messages for telephones go. One row at most.
CREATE TABLE gateway (
    -- Also what the segredo is sealed for.
    id uuid CONSTRAINT gateway_pkey PRIMARY KEY,
    one boolean NOT NULL DEFAULT true CONSTRAINT gateway_one_key UNIQUE CONSTRAINT gateway_one CHECK (one),
    url text NOT NULL,
    -- Sealed.
    segredo bytea,
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL
);

ALTER TABLE mensagem
    -- In the text too; gone when the message needs no further attempt.
    ADD COLUMN codigo text;

ALTER TABLE usuario
    -- E.164. It opens the account where the perfil allows that, so it is nobody else's.
    ADD COLUMN telefone text CONSTRAINT usuario_telefone_key UNIQUE
        CONSTRAINT usuario_telefone CHECK (telefone ~ '^\+[0-9]{8,15}$');

ALTER TABLE perfil
    ADD COLUMN entrada_telefone boolean NOT NULL DEFAULT false;
-- People from outside have no senha to remember (D-1).
UPDATE perfil SET entrada_telefone = true WHERE key IN ('cliente', 'cliente_supervisor');

-- Somebody who typed a number and waits for its code; whether the number is anybody's stands here and is not said.
CREATE TABLE entrada_telefone (
    id uuid CONSTRAINT entrada_telefone_pkey PRIMARY KEY,
    token_hash bytea NOT NULL CONSTRAINT entrada_telefone_token_key UNIQUE,
    telefone text NOT NULL,
    usuario_id uuid CONSTRAINT entrada_telefone_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Of the code, together with the hash of the secret that only the browser has.
    codigo_hash bytea,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX entrada_telefone_usuario_idx ON entrada_telefone (usuario_id);
CREATE INDEX entrada_telefone_expires_idx ON entrada_telefone (expires_at);
