-- What people ask of the unidade by law (LGPD art. 18), and what happened to their data (Res. CD/ANPD 15/2024).

-- Whom people turn to (art. 41). At most one row.
CREATE TABLE encarregado (
    id smallint CONSTRAINT encarregado_pkey PRIMARY KEY CONSTRAINT encarregado_one CHECK (id = 1),
    nome text NOT NULL CONSTRAINT encarregado_nome CHECK (length(nome) BETWEEN 1 AND 120),
    email text NOT NULL,
    telefone text,
    updated_at timestamptz NOT NULL
);

CREATE TABLE pedido_titular (
    id uuid CONSTRAINT pedido_titular_pkey PRIMARY KEY,
    protocolo text NOT NULL CONSTRAINT pedido_titular_protocolo_key UNIQUE,
    tipo text NOT NULL CONSTRAINT pedido_titular_tipo
        CHECK (tipo IN ('confirmacao', 'acesso', 'correcao', 'eliminacao', 'portabilidade', 'compartilhamento', 'revogacao', 'oposicao')),
    origem text NOT NULL CONSTRAINT pedido_titular_origem CHECK (origem IN ('conta', 'formulario', 'telefone', 'carta', 'pessoalmente')),
    situacao text NOT NULL CONSTRAINT pedido_titular_situacao
        CHECK (situacao IN ('a_confirmar', 'recebido', 'em_atendimento', 'atendido', 'recusado', 'duplicado')),
    nome text NOT NULL CONSTRAINT pedido_titular_nome CHECK (length(nome) BETWEEN 1 AND 120),
    email text,
    telefone text,
    texto text,
    idioma text NOT NULL,
    -- Who asked, where they were signed in.
    usuario_id uuid CONSTRAINT pedido_titular_usuario_id_fkey REFERENCES usuario (id),
    -- Whom it was found to be about.
    titular_kind text,
    titular_id uuid,
    apagamento_id uuid CONSTRAINT pedido_titular_apagamento_id_fkey REFERENCES apagamento (id),
    -- The person was erased while it was open: nobody stands in it once it is answered.
    apagar_depois boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    -- From when the time runs: it was confirmed, or noted.
    recebido_at timestamptz,
    data_limite date,
    resposta text,
    fundamento text,
    respondido_at timestamptz,
    respondido_por_nome text,
    registrado_por_nome text,
    -- Which reminder was told: 1 soon due, 2 over.
    lembrete smallint NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT pedido_titular_recebido CHECK ((situacao = 'a_confirmar') = (recebido_at IS NULL) AND (recebido_at IS NULL) = (data_limite IS NULL)),
    CONSTRAINT pedido_titular_respondido CHECK ((situacao IN ('atendido', 'recusado', 'duplicado')) = (respondido_at IS NOT NULL))
);
CREATE INDEX pedido_titular_situacao_idx ON pedido_titular (situacao, data_limite, id);
CREATE INDEX pedido_titular_usuario_id_idx ON pedido_titular (usuario_id) WHERE usuario_id IS NOT NULL;

-- By which whoever asked from outside confirms it and sees how it stands.
CREATE TABLE pedido_link (
    token_hash bytea CONSTRAINT pedido_link_pkey PRIMARY KEY,
    pedido_id uuid NOT NULL CONSTRAINT pedido_link_pedido_id_fkey REFERENCES pedido_titular (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pedido_link_pedido_id_idx ON pedido_link (pedido_id);

CREATE TABLE incidente (
    id uuid CONSTRAINT incidente_pkey PRIMARY KEY,
    protocolo text NOT NULL CONSTRAINT incidente_protocolo_key UNIQUE,
    titulo text NOT NULL CONSTRAINT incidente_titulo CHECK (length(titulo) BETWEEN 1 AND 160),
    descricao text NOT NULL,
    inicio_at timestamptz,
    -- That it touched data of people. From here the time runs.
    conhecido_at timestamptz NOT NULL,
    -- Codes of kinds of data and of what makes the risk high (art. 5 of the resolution).
    dados text[] NOT NULL,
    riscos text[] NOT NULL,
    -- How many people; unknown as yet when empty.
    afetados integer CONSTRAINT incidente_afetados CHECK (afetados >= 0),
    consequencias text,
    medidas_antes text,
    contencao text,
    medidas_depois text,
    decisao text CONSTRAINT incidente_decisao CHECK (decisao IN ('comunicar', 'nao_comunicar')),
    justificativa text,
    decidido_at timestamptz,
    anpd_at timestamptz,
    anpd_protocolo text,
    titulares_at timestamptz,
    titulares_meio text,
    encerrado_at timestamptz,
    registrado_por_nome text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- Which reminder was told: 1 half of the time, 2 the last day, 3 over.
    lembrete smallint NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT incidente_decidido CHECK ((decisao IS NULL) = (decidido_at IS NULL) AND (decisao IS NULL) = (justificativa IS NULL)),
    CONSTRAINT incidente_encerrado CHECK (encerrado_at IS NULL OR decisao IS NOT NULL)
);
CREATE INDEX incidente_conhecido_at_idx ON incidente (conhecido_at DESC, id DESC);

-- What was done about it, step by step.
CREATE TABLE incidente_passo (
    id uuid CONSTRAINT incidente_passo_pkey PRIMARY KEY,
    incidente_id uuid NOT NULL CONSTRAINT incidente_passo_incidente_id_fkey REFERENCES incidente (id) ON DELETE CASCADE,
    kind text NOT NULL,
    texto text,
    actor_nome text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX incidente_passo_incidente_id_idx ON incidente_passo (incidente_id, id);

-- A letter to those whose data it touched.
CREATE TABLE incidente_carta (
    id uuid CONSTRAINT incidente_carta_pkey PRIMARY KEY,
    incidente_id uuid NOT NULL CONSTRAINT incidente_carta_incidente_id_fkey REFERENCES incidente (id) ON DELETE CASCADE,
    assunto text NOT NULL,
    texto text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX incidente_carta_incidente_id_idx ON incidente_carta (incidente_id, id);

-- To whom it goes or went: by the id of their record.
CREATE TABLE incidente_destinatario (
    carta_id uuid NOT NULL CONSTRAINT incidente_destinatario_carta_id_fkey REFERENCES incidente_carta (id) ON DELETE CASCADE,
    titular_kind text NOT NULL,
    titular_id uuid NOT NULL,
    -- When the letter was written; nobody was there any more, or no address, where it was skipped.
    written_at timestamptz,
    skipped boolean NOT NULL DEFAULT false,
    CONSTRAINT incidente_destinatario_pkey PRIMARY KEY (carta_id, titular_kind, titular_id)
);
