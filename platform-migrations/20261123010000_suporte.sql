-- Support access: a platform admin asks, the unidade consents, the access ends by itself. Central, because the console and
-- the unidade must see one truth at every request.
CREATE TABLE platform.suporte (
    id uuid CONSTRAINT suporte_pkey PRIMARY KEY,
    unidade_id uuid NOT NULL CONSTRAINT suporte_unidade_id_fkey REFERENCES platform.unidade (id),
    admin_id uuid NOT NULL CONSTRAINT suporte_admin_id_fkey REFERENCES platform.admin (id),
    motivo text NOT NULL,
    -- What was asked for.
    minutos_pedidos integer NOT NULL CONSTRAINT suporte_minutos_pedidos CHECK (minutos_pedidos BETWEEN 30 AND 480),
    escrita_pedida boolean NOT NULL,
    situacao text NOT NULL CONSTRAINT suporte_situacao CHECK (situacao IN
        ('pedido', 'concedido', 'recusado', 'retirado', 'encerrado', 'vencido')),
    asked_at timestamptz NOT NULL,
    -- Of a pedido: until when it can be answered; of what was granted: until when it lasts.
    expires_at timestamptz NOT NULL,
    -- Granted; never more than was asked for.
    escrita boolean NOT NULL DEFAULT false CONSTRAINT suporte_escrita CHECK (escrita_pedida OR NOT escrita),
    decided_at timestamptz,
    decided_by_nome text,
    ended_at timestamptz,
    -- Who ended it; NULL: it ran out.
    ended_by_nome text,
    -- SHA-256 of the one session that is open in it; a new one takes the place of the one before.
    sessao_hash bytea CONSTRAINT suporte_sessao_hash_key UNIQUE,
    entered_at timestamptz,
    -- When the unidade's own trail had its end; NULL: still to be written there.
    told_at timestamptz
);
-- One at a time of an admin in a unidade.
CREATE UNIQUE INDEX suporte_open_key ON platform.suporte (unidade_id, admin_id) WHERE situacao IN ('pedido', 'concedido');
CREATE INDEX suporte_unidade_id_idx ON platform.suporte (unidade_id, asked_at DESC);
CREATE INDEX suporte_admin_id_idx ON platform.suporte (admin_id);

-- The way from one host to another: a secret that works once, for a minute, in one unidade, as long as the session it was made in.
CREATE TABLE platform.passagem (
    token_hash bytea CONSTRAINT passagem_pkey PRIMARY KEY,
    unidade_id uuid NOT NULL CONSTRAINT passagem_unidade_id_fkey REFERENCES platform.unidade (id),
    suporte_id uuid CONSTRAINT passagem_suporte_id_fkey REFERENCES platform.suporte (id) ON DELETE CASCADE,
    -- The console session it was made in.
    admin_sessao_id uuid CONSTRAINT passagem_admin_sessao_id_fkey REFERENCES platform.admin_sessao (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX passagem_suporte_id_idx ON platform.passagem (suporte_id);
CREATE INDEX passagem_admin_sessao_id_idx ON platform.passagem (admin_sessao_id);
