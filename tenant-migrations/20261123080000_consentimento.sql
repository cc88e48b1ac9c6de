-- What people agreed to, in which words, and that they took it back (LGPD arts. 7, I, 8 and 9). Taking back deletes nothing: that it
-- was given has to be proved (art. 8, § 2).

CREATE TABLE finalidade (
    id uuid CONSTRAINT finalidade_pkey PRIMARY KEY,
    -- The text that is shown now.
    versao integer NOT NULL,
    -- Nobody is asked any more, and no consentimento counts.
    encerrado_at timestamptz,
    created_at timestamptz NOT NULL
);

-- Words that somebody may have agreed to: never changed. Others are another versao.
CREATE TABLE finalidade_versao (
    finalidade_id uuid NOT NULL CONSTRAINT finalidade_versao_finalidade_id_fkey REFERENCES finalidade (id),
    versao integer NOT NULL CONSTRAINT finalidade_versao_versao CHECK (versao > 0),
    titulo text NOT NULL CONSTRAINT finalidade_versao_titulo CHECK (length(titulo) BETWEEN 1 AND 120),
    texto text NOT NULL,
    -- Whoever agreed to an earlier text is asked anew: that does not count any more.
    renovar boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by_nome text NOT NULL,
    CONSTRAINT finalidade_versao_pkey PRIMARY KEY (finalidade_id, versao)
);

-- A letter that asks somebody, and the link in it.
CREATE TABLE consentimento_carta (
    id uuid CONSTRAINT consentimento_carta_pkey PRIMARY KEY,
    finalidade_id uuid NOT NULL CONSTRAINT consentimento_carta_finalidade_id_fkey REFERENCES finalidade (id),
    -- The text shown when it was written.
    versao integer NOT NULL,
    titular_kind text,
    titular_id uuid,
    nome text NOT NULL,
    email text NOT NULL,
    token_hash bytea NOT NULL CONSTRAINT consentimento_carta_token_hash_key UNIQUE,
    created_at timestamptz NOT NULL,
    created_by_nome text NOT NULL,
    -- Until when it can be answered. Whoever agreed by it takes that back by it for as long as it stands.
    expires_at timestamptz NOT NULL,
    resposta text CONSTRAINT consentimento_carta_resposta CHECK (resposta IN ('dado', 'recusado')),
    respondido_at timestamptz,
    CONSTRAINT consentimento_carta_respondido CHECK ((resposta IS NULL) = (respondido_at IS NULL)),
    CONSTRAINT consentimento_carta_titular CHECK ((titular_kind IS NULL) = (titular_id IS NULL))
);
CREATE INDEX consentimento_carta_email_idx ON consentimento_carta (finalidade_id, versao, email);

CREATE TABLE consentimento (
    id uuid CONSTRAINT consentimento_pkey PRIMARY KEY,
    protocolo text NOT NULL CONSTRAINT consentimento_protocolo_key UNIQUE,
    finalidade_id uuid NOT NULL,
    versao integer NOT NULL,
    -- Whose record it is, where the unidade has one; otherwise somebody by name and e-mail.
    titular_kind text,
    titular_id uuid,
    nome text NOT NULL CONSTRAINT consentimento_nome CHECK (length(nome) BETWEEN 1 AND 120),
    email text,
    meio text NOT NULL CONSTRAINT consentimento_meio CHECK (meio IN ('conta', 'link', 'anotado')),
    -- By what it can be proved, where it was noted by hand.
    evidencia text,
    dado_at timestamptz NOT NULL,
    registrado_por_nome text,
    carta_id uuid CONSTRAINT consentimento_carta_id_fkey REFERENCES consentimento_carta (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL,
    retirado_at timestamptz,
    retirado_meio text CONSTRAINT consentimento_retirado_meio CHECK (retirado_meio IN ('conta', 'link', 'pedido', 'anotado', 'apagamento')),
    retirado_evidencia text,
    retirado_por_nome text,
    retirado_pedido_id uuid CONSTRAINT consentimento_retirado_pedido_id_fkey REFERENCES pedido_titular (id) ON DELETE SET NULL,
    CONSTRAINT consentimento_versao_fkey FOREIGN KEY (finalidade_id, versao) REFERENCES finalidade_versao (finalidade_id, versao),
    CONSTRAINT consentimento_titular CHECK ((titular_kind IS NULL) = (titular_id IS NULL)),
    CONSTRAINT consentimento_anotado CHECK (meio <> 'anotado' OR evidencia IS NOT NULL AND registrado_por_nome IS NOT NULL),
    CONSTRAINT consentimento_retirado CHECK ((retirado_at IS NULL) = (retirado_meio IS NULL))
);
-- One that stands of each person to each text, however many give it at once.
CREATE UNIQUE INDEX consentimento_pessoa_key ON consentimento (finalidade_id, versao, coalesce(titular_id::text, email)) WHERE retirado_at IS NULL;
CREATE INDEX consentimento_dado_at_idx ON consentimento (finalidade_id, dado_at DESC, id DESC);
CREATE INDEX consentimento_titular_id_idx ON consentimento (titular_id) WHERE titular_id IS NOT NULL;
CREATE INDEX consentimento_email_idx ON consentimento (email) WHERE email IS NOT NULL;
CREATE INDEX consentimento_carta_id_idx ON consentimento (carta_id) WHERE carta_id IS NOT NULL;
CREATE INDEX consentimento_retirado_pedido_id_idx ON consentimento (retirado_pedido_id) WHERE retirado_pedido_id IS NOT NULL;
