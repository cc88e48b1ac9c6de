-- Programs that outlive the person who set them up, how often a token may ask, and keys that can be changed.

ALTER TABLE usuario
    -- servico: a program. No senha, no e-mail that anything could be sent to, no way in but its tokens.
    ADD COLUMN kind text NOT NULL DEFAULT 'pessoa' CONSTRAINT usuario_kind CHECK (kind IN ('pessoa', 'servico')),
    -- Of a serviço: what it is for.
    ADD COLUMN descricao text CONSTRAINT usuario_descricao_length CHECK (char_length(descricao) BETWEEN 1 AND 300),
    ADD CONSTRAINT usuario_servico_email CHECK (kind = 'pessoa' OR email LIKE '%@invalid');

-- Who answers for a serviço.
CREATE TABLE servico_responsavel (
    servico_id uuid NOT NULL CONSTRAINT servico_responsavel_servico_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    usuario_id uuid NOT NULL CONSTRAINT servico_responsavel_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    CONSTRAINT servico_responsavel_pkey PRIMARY KEY (servico_id, usuario_id)
);
CREATE INDEX servico_responsavel_usuario_idx ON servico_responsavel (usuario_id);

-- Keys that tokens are signed with; the newest signs. The keys themselves follow from the key of the installation.
CREATE TABLE token_chave (
    number integer CONSTRAINT token_chave_pkey PRIMARY KEY CONSTRAINT token_chave_number CHECK (number BETWEEN 1 AND 9999),
    created_at timestamptz NOT NULL,
    -- As they were called then.
    created_by_nome text NOT NULL,
    -- What it signed counts no more.
    ended_at timestamptz
);
INSERT INTO token_chave (number, created_at, created_by_nome) VALUES (1, now(), 'SRI');

ALTER TABLE token_api
    -- The serviço it acts for; NULL: whoever made it.
    ADD COLUMN servico_id uuid CONSTRAINT token_api_servico_fkey REFERENCES usuario (id),
    ADD COLUMN chave integer NOT NULL DEFAULT 1,
    -- Requests a minute.
    ADD COLUMN limite integer NOT NULL DEFAULT 600 CONSTRAINT token_api_limite CHECK (limite >= 10),
    -- Minutes since 1970: the one that `count` counts, as far as the processes have told of it.
    ADD COLUMN minute bigint NOT NULL DEFAULT 0,
    ADD COLUMN count integer NOT NULL DEFAULT 0;
CREATE INDEX token_api_servico_idx ON token_api (servico_id) WHERE revoked_at IS NULL;
