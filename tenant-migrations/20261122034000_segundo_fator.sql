-- How a person proves a second time who they are, and of whom it is asked.

-- desligado: nobody is offered one. oferecido: who wants one has one. exigido: who has none is led to one at the next entering.
-- Whoever has one is asked for it in any case.
ALTER TABLE perfil ADD COLUMN segundo_fator text NOT NULL DEFAULT 'oferecido'
    CONSTRAINT perfil_segundo_fator CHECK (segundo_fator IN ('desligado', 'oferecido', 'exigido'));

-- What a unidade decides about entering: one row.
CREATE TABLE regra_entrada (
    id smallint CONSTRAINT regra_entrada_pkey PRIMARY KEY CONSTRAINT regra_entrada_one CHECK (id = 1),
    -- Failures after which nobody enters an account from a place that is not known (S0-15.5).
    attempts integer NOT NULL CONSTRAINT regra_entrada_attempts CHECK (attempts BETWEEN 3 AND 10),
    -- For how long an aparelho may go without the second factor; 0: never.
    trust_days integer NOT NULL CONSTRAINT regra_entrada_trust_days CHECK (trust_days BETWEEN 0 AND 90),
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1
);
INSERT INTO regra_entrada (id, attempts, trust_days, updated_at) VALUES (1, 5, 30, now());

CREATE TABLE fator (
    id uuid CONSTRAINT fator_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT fator_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    method text NOT NULL CONSTRAINT fator_method CHECK (method IN ('totp', 'email')),
    -- totp: the shared secret, sealed for this row.
    secret bytea,
    -- totp: step of the last accepted code; neither it nor any before it is accepted again.
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    -- NULL: begun, not proved by a code yet, and worth nothing.
    confirmed_at timestamptz,
    last_used_at timestamptz,
    CONSTRAINT fator_usuario_method_key UNIQUE (usuario_id, method)
);

-- For the day on which the telephone is gone: each works once.
CREATE TABLE codigo_reserva (
    usuario_id uuid NOT NULL CONSTRAINT codigo_reserva_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Under a key of the house: whoever reads this table cannot try codes.
    hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT codigo_reserva_pkey PRIMARY KEY (usuario_id, hash)
);

-- Somebody whose first factor was right and whose second is still to come. No sessão: it opens nothing but that question.
CREATE TABLE passo (
    id uuid CONSTRAINT passo_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT passo_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL CONSTRAINT passo_token_key UNIQUE,
    -- As in sessao: how the first factor was proved.
    method text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    -- Of the code that was mailed, together with the secret that only the browser has.
    codigo_hash bytea,
    codigo_expires_at timestamptz,
    codigo_sent integer NOT NULL DEFAULT 0,
    mensagem_id uuid,
    ip inet,
    user_agent text
);
CREATE INDEX passo_usuario_idx ON passo (usuario_id);

-- A browser from which somebody entered: strangers' failures do not lock it out, and it may be spared the second factor.
CREATE TABLE aparelho (
    id uuid CONSTRAINT aparelho_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT aparelho_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- Until then no second factor is asked of it.
    trusted_until timestamptz,
    ip inet,
    user_agent text,
    CONSTRAINT aparelho_usuario_token_key UNIQUE (usuario_id, token_hash)
);
