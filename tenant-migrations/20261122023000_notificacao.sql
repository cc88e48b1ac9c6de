-- What the panel tells one person about something that happened. Kept as key and variables: each reader hears it in their
-- own language.
CREATE TABLE notificacao (
    -- Ordered by time.
    id uuid CONSTRAINT notificacao_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT notificacao_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Of its sentence in the catalogue.
    key text NOT NULL CONSTRAINT notificacao_key CHECK (length(key) BETWEEN 1 AND 80),
    args jsonb NOT NULL CONSTRAINT notificacao_args CHECK (jsonb_typeof(args) = 'object'),
    -- A path of this unidade, never another place.
    href text NOT NULL CONSTRAINT notificacao_href CHECK (href ~ '^/([^/\\]|$)' AND length(href) <= 2000),
    created_at timestamptz NOT NULL,
    read_at timestamptz
);
CREATE INDEX notificacao_usuario_idx ON notificacao (usuario_id, id DESC);
-- Counted at every page: as small as what is unread.
CREATE INDEX notificacao_unread_idx ON notificacao (usuario_id, id DESC) WHERE read_at IS NULL;
-- For forgetting.
CREATE INDEX notificacao_created_at_idx ON notificacao (created_at);
