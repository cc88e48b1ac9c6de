-- Entering by what another house says of a person: OpenID Connect, or GitHub (U-3, S4-4.4).

CREATE TABLE provedor (
    -- Also what the segredo is sealed for.
    id uuid CONSTRAINT provedor_pkey PRIMARY KEY,
    tipo text NOT NULL CONSTRAINT provedor_tipo CHECK (tipo IN ('oidc', 'google', 'microsoft', 'github')),
    -- On the button.
    nome text NOT NULL,
    -- Never changed: who is meant by a subject depends on it.
    emissor text NOT NULL,
    client_id text NOT NULL,
    -- Sealed.
    segredo bytea,
    -- An e-mail that it calls verified finds the usuario of that e-mail.
    confia_email boolean NOT NULL DEFAULT false,
    ativo boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX provedor_nome_key ON provedor (lower(nome));

ALTER TABLE perfil
    ADD COLUMN entrada_provedor boolean NOT NULL DEFAULT true;

-- Who is who: the subject that the provedor names, and the account it opens.
CREATE TABLE usuario_provedor (
    provedor_id uuid NOT NULL CONSTRAINT usuario_provedor_provedor_fkey REFERENCES provedor (id) ON DELETE CASCADE,
    subject text NOT NULL,
    usuario_id uuid NOT NULL CONSTRAINT usuario_provedor_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- As the provedor said it then, so that a person knows which of their accounts it is.
    email text,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    CONSTRAINT usuario_provedor_pkey PRIMARY KEY (provedor_id, subject),
    CONSTRAINT usuario_provedor_usuario_key UNIQUE (usuario_id, provedor_id)
);

-- Somebody on their way to a provedor and back.
CREATE TABLE entrada_provedor (
    id uuid CONSTRAINT entrada_provedor_pkey PRIMARY KEY,
    -- Of the secret that only the browser has; what else the way needs to be safe is made of that secret.
    token_hash bytea NOT NULL CONSTRAINT entrada_provedor_token_key UNIQUE,
    provedor_id uuid NOT NULL CONSTRAINT entrada_provedor_provedor_fkey REFERENCES provedor (id) ON DELETE CASCADE,
    -- Who wants to be known by it from now on; NULL: somebody who wants to come in.
    usuario_id uuid CONSTRAINT entrada_provedor_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- The page they wanted.
    path text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX entrada_provedor_provedor_idx ON entrada_provedor (provedor_id);
CREATE INDEX entrada_provedor_usuario_idx ON entrada_provedor (usuario_id);
CREATE INDEX entrada_provedor_expires_idx ON entrada_provedor (expires_at);
