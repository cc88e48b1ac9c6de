-- The platform admins: separate people on a separate host, second factor mandatory (architecture 6).
CREATE TABLE platform.admin (
    id uuid CONSTRAINT admin_pkey PRIMARY KEY,
    nome text NOT NULL,
    email text NOT NULL CONSTRAINT admin_email_key UNIQUE,
    -- Argon2id in PHC form.
    senha text NOT NULL,
    -- TOTP secret, sealed for `admin:<id>:totp`.
    totp_secret bytea NOT NULL,
    -- Step of the last accepted code: a code works once.
    totp_step bigint NOT NULL DEFAULT 0,
    ativo boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    last_access_at timestamptz
);

-- One-time links for a first or further admin. The TOTP secret is drawn with the link, so that a page shown twice shows the
-- same picture.
CREATE TABLE platform.admin_convite (
    token_hash bytea CONSTRAINT admin_convite_pkey PRIMARY KEY,
    email text NOT NULL,
    totp_secret bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE TABLE platform.admin_sessao (
    id uuid CONSTRAINT admin_sessao_pkey PRIMARY KEY,
    admin_id uuid NOT NULL CONSTRAINT admin_sessao_admin_id_fkey REFERENCES platform.admin (id),
    token_hash bytea NOT NULL CONSTRAINT admin_sessao_token_hash_key UNIQUE,
    -- False between the password and the second factor.
    complete boolean NOT NULL,
    ip inet,
    user_agent text,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX admin_sessao_admin_id_idx ON platform.admin_sessao (admin_id);

-- Failed attempts by address and by account; survives restarts and counts over all processes.
CREATE TABLE platform.admin_tentativa (
    key text CONSTRAINT admin_tentativa_pkey PRIMARY KEY,
    failures integer NOT NULL,
    started_at timestamptz NOT NULL
);

-- What a unidade takes, measured now and then by a job.
CREATE TABLE platform.uso (
    unidade_id uuid CONSTRAINT uso_pkey PRIMARY KEY CONSTRAINT uso_unidade_id_fkey REFERENCES platform.unidade (id),
    rows bigint NOT NULL,
    bytes bigint NOT NULL,
    usuarios bigint NOT NULL,
    measured_at timestamptz NOT NULL
);
