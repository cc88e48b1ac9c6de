-- Who may enter, how they prove it, and what they may do then.

CREATE TABLE perfil (
    id uuid CONSTRAINT perfil_pkey PRIMARY KEY,
    nome text NOT NULL CONSTRAINT perfil_nome_key UNIQUE,
    -- Of a preset the product came with; NULL for those a unidade makes itself.
    key text CONSTRAINT perfil_preset_key UNIQUE,
    -- Holds every permission of every module, those of modules to come included.
    administrador boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1
);

CREATE TABLE perfil_permissao (
    perfil_id uuid NOT NULL CONSTRAINT perfil_permissao_perfil_fkey REFERENCES perfil (id) ON DELETE CASCADE,
    -- Code of a permission as its module declares it; unknown ones grant nothing.
    permissao text NOT NULL,
    escopo text NOT NULL CONSTRAINT perfil_permissao_escopo CHECK (escopo IN ('proprias', 'vinculadas', 'todas')),
    CONSTRAINT perfil_permissao_pkey PRIMARY KEY (perfil_id, permissao)
);

CREATE TABLE usuario (
    id uuid CONSTRAINT usuario_pkey PRIMARY KEY,
    nome text NOT NULL,
    -- In its one canonical form: ASCII, lower case.
    email text NOT NULL CONSTRAINT usuario_email_key UNIQUE CONSTRAINT usuario_email_canonical CHECK (email = lower(email)),
    -- NULL: what the browser asks for.
    idioma text CONSTRAINT usuario_idioma CHECK (idioma IN ('pt-BR', 'en')),
    perfil_id uuid NOT NULL CONSTRAINT usuario_perfil_fkey REFERENCES perfil (id),
    ativo boolean NOT NULL DEFAULT true,
    last_seen_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX usuario_perfil_idx ON usuario (perfil_id);

-- How a usuario proves who they are. One row per means; a password is the first of them.
CREATE TABLE credencial (
    id uuid CONSTRAINT credencial_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT credencial_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    method text NOT NULL,
    -- senha: an Argon2id hash in PHC form, with its salt and cost.
    secret text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX credencial_senha_key ON credencial (usuario_id) WHERE method = 'senha';

CREATE TABLE sessao (
    id uuid CONSTRAINT sessao_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT sessao_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- SHA-256 of the cookie's 256 random bits: whoever reads this table cannot enter with it.
    token_hash bytea NOT NULL CONSTRAINT sessao_token_key UNIQUE,
    -- How it was opened: senha, convite, entrada.
    method text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    -- Unused until then, it is over; moved on by every use.
    idle_until timestamptz NOT NULL,
    -- Over then in any case.
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ip inet,
    user_agent text
);
CREATE INDEX sessao_usuario_idx ON sessao (usuario_id, last_used_at DESC);

-- A link that makes a usuario, once.
CREATE TABLE convite (
    id uuid CONSTRAINT convite_pkey PRIMARY KEY,
    nome text NOT NULL,
    email text NOT NULL CONSTRAINT convite_email_canonical CHECK (email = lower(email)),
    perfil_id uuid NOT NULL CONSTRAINT convite_perfil_fkey REFERENCES perfil (id),
    token_hash bytea NOT NULL CONSTRAINT convite_token_key UNIQUE,
    created_at timestamptz NOT NULL,
    created_by uuid,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);
-- A second one for the same address takes the place of the first.
CREATE UNIQUE INDEX convite_open_key ON convite (email) WHERE used_at IS NULL AND revoked_at IS NULL;

-- A link that lets a usuario in without a password, once; made by an operator's word.
CREATE TABLE entrada (
    id uuid CONSTRAINT entrada_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT entrada_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL CONSTRAINT entrada_token_key UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX entrada_usuario_idx ON entrada (usuario_id);

-- Attempts to sign in, by hashed address and e-mail. Counted before the password is looked at, so that many at once are bounded too.
CREATE TABLE tentativa (
    key text CONSTRAINT tentativa_pkey PRIMARY KEY,
    count integer NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Programs that may use the API. The token itself is signed, not stored.
CREATE TABLE token_api (
    -- Claim `jti` of the token.
    id uuid CONSTRAINT token_api_pkey PRIMARY KEY,
    nome text NOT NULL,
    permissoes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    created_by_nome text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz
);

-- Pictures of the unidade. Which of them is shown stands in the register.
CREATE TABLE logo (
    -- First 32 hexadecimal digits of the SHA-256 of the bytes; part of its URL.
    hash text CONSTRAINT logo_pkey PRIMARY KEY,
    type text NOT NULL CONSTRAINT logo_type CHECK (type IN ('image/png', 'image/jpeg')),
    bytes bytea NOT NULL CONSTRAINT logo_size CHECK (octet_length(bytes) <= 262144),
    created_at timestamptz NOT NULL
);

-- Presets (S0-2.5 to S0-2.16). A unidade may change them later.
INSERT INTO perfil (id, nome, key, administrador, created_at, updated_at)
SELECT gen_random_uuid(), preset.nome, preset.key, preset.key = 'administrador', now(), now()
FROM (VALUES ('Administrador', 'administrador'), ('Coordenador', 'coordenador'), ('Atendente', 'atendente'), ('Leitor', 'leitor'))
    AS preset (nome, key);
