-- The outbox: one row per recipient and channel, written in the transaction of the change that it tells about, sent by a
-- job of its own, kept as history.
CREATE TABLE mensagem (
    id uuid CONSTRAINT mensagem_pkey PRIMARY KEY,
    channel text NOT NULL CONSTRAINT mensagem_channel CHECK (channel IN ('panel', 'email', 'whatsapp', 'sms')),
    -- In the form of the channel: an e-mail address, a number (E.164), the id of a usuario.
    recipient text NOT NULL,
    recipient_nome text,
    subject text NOT NULL,
    -- Gone when the message was secret (a link that lets somebody in) and needs no further attempt.
    body_text text,
    body_html text,
    secret boolean NOT NULL DEFAULT false,
    state text NOT NULL
        -- queued: not tried yet; failed: tried, will be tried again; dead: will not.
        CONSTRAINT mensagem_state CHECK (state IN ('queued', 'sent', 'failed', 'dead')),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    -- By what the other side knows it, from the first attempt on; of an e-mail the Message-ID, always the same.
    message_id text CONSTRAINT mensagem_message_id_key UNIQUE,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX mensagem_created_at_idx ON mensagem (created_at DESC, id DESC);
