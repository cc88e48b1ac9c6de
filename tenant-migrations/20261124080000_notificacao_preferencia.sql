-- What a person wants to be told of in another way than the product does by itself. Only what differs stands here: a kind of
-- notice that comes new needs no row of anybody.
CREATE TABLE notificacao_preferencia (
    usuario_id uuid NOT NULL CONSTRAINT notificacao_preferencia_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Code of the kind, of the module that owns it.
    kind text NOT NULL CONSTRAINT notificacao_preferencia_kind CHECK (length(kind) BETWEEN 1 AND 80),
    channel text NOT NULL CONSTRAINT notificacao_preferencia_channel CHECK (channel IN ('panel', 'email', 'whatsapp', 'sms')),
    wanted boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT notificacao_preferencia_pkey PRIMARY KEY (usuario_id, kind, channel)
);

-- A notice by e-mail: whose it is, of what kind, where it leads, and by what its letters are turned off.
ALTER TABLE mensagem
    ADD COLUMN usuario_id uuid CONSTRAINT mensagem_usuario_fkey REFERENCES usuario (id) ON DELETE SET NULL,
    ADD COLUMN kind text,
    ADD COLUMN href text,
    -- Opaque, good for that one kind of that one person, and in no other place.
    ADD COLUMN descadastro uuid CONSTRAINT mensagem_descadastro_key UNIQUE;
CREATE INDEX mensagem_usuario_idx ON mensagem (usuario_id);
