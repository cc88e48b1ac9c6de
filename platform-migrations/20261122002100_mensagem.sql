-- The platform's own outbox, for the people of the console; shaped as a unidade's (tenant-migrations, same version).
CREATE TABLE platform.mensagem (
    id uuid CONSTRAINT mensagem_pkey PRIMARY KEY,
    channel text NOT NULL CONSTRAINT mensagem_channel CHECK (channel IN ('panel', 'email', 'whatsapp', 'sms')),
    recipient text NOT NULL,
    recipient_nome text,
    subject text NOT NULL,
    body_text text,
    body_html text,
    secret boolean NOT NULL DEFAULT false,
    state text NOT NULL CONSTRAINT mensagem_state CHECK (state IN ('queued', 'sent', 'failed', 'dead')),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    message_id text CONSTRAINT mensagem_message_id_key UNIQUE,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX mensagem_created_at_idx ON platform.mensagem (created_at DESC, id DESC);
