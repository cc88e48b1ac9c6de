-- What a demanda may be about (S0-5.2, S0-15.2); the unidade's own list.
CREATE TABLE demanda_tipo (
    id uuid CONSTRAINT demanda_tipo_pkey PRIMARY KEY,
    nome text NOT NULL CONSTRAINT demanda_tipo_nome CHECK (length(nome) BETWEEN 1 AND 80),
    busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(nome)) STORED CONSTRAINT demanda_tipo_busca_key UNIQUE,
    cor text NOT NULL CONSTRAINT demanda_tipo_cor CHECK
        (cor IN ('cinza', 'azul', 'turquesa', 'verde', 'ambar', 'laranja', 'vermelho', 'rosa', 'roxo')),
    -- Dias úteis in which one is to be concluded; NULL: no prazo of its own.
    prazo_dias integer CONSTRAINT demanda_tipo_prazo_dias CHECK (prazo_dias BETWEEN 1 AND 365),
    created_at timestamptz NOT NULL
);

-- Who answers for it within the unidade (S0-5.4).
CREATE TABLE setor (
    id uuid CONSTRAINT setor_pkey PRIMARY KEY,
    nome text NOT NULL CONSTRAINT setor_nome CHECK (length(nome) BETWEEN 1 AND 80),
    busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(nome)) STORED CONSTRAINT setor_busca_key UNIQUE,
    created_at timestamptz NOT NULL
);

-- What the unidade calls where a demanda stands; each is one of the four situações that the program knows (S0-5.5, S0-15.4, D-8).
CREATE TABLE demanda_etapa (
    id uuid CONSTRAINT demanda_etapa_pkey PRIMARY KEY,
    nome text NOT NULL CONSTRAINT demanda_etapa_nome CHECK (length(nome) BETWEEN 1 AND 40),
    busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(nome)) STORED CONSTRAINT demanda_etapa_busca_key UNIQUE,
    situacao text NOT NULL CONSTRAINT demanda_etapa_situacao CHECK (situacao IN ('nova', 'em_andamento', 'concluida', 'cancelada')),
    cor text NOT NULL CONSTRAINT demanda_etapa_cor CHECK
        (cor IN ('cinza', 'azul', 'turquesa', 'verde', 'ambar', 'laranja', 'vermelho', 'rosa', 'roxo')),
    -- Among those of its situação, from left to right.
    posicao integer NOT NULL CONSTRAINT demanda_etapa_posicao CHECK (posicao BETWEEN 0 AND 99),
    -- Into which a demanda comes when nothing else is said; it stays.
    padrao boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX demanda_etapa_padrao_key ON demanda_etapa (situacao) WHERE padrao;

-- Days on which this unidade does not work, beside the national holidays.
CREATE TABLE feriado (
    data_feriado date CONSTRAINT feriado_pkey PRIMARY KEY,
    nome text NOT NULL CONSTRAINT feriado_nome CHECK (length(nome) BETWEEN 1 AND 80)
);

-- UUIDv7 by hand, as for the segmentos.
INSERT INTO demanda_tipo (id, nome, cor, prazo_dias, created_at)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
       nome, cor, prazo_dias, now()
FROM (VALUES ('Curso', 'azul', 10), ('Consultoria', 'roxo', 15), ('Inovação', 'rosa', 20), ('Tecnologia', 'turquesa', 20),
             ('Manutenção', 'laranja', 5), ('Outro', 'cinza', 10)) AS preset (nome, cor, prazo_dias);

INSERT INTO setor (id, nome, created_at)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
       nome, now()
FROM unnest(ARRAY['Relacionamento com a Indústria', 'Educação Profissional', 'Consultoria e Tecnologia']) AS nome;

INSERT INTO demanda_etapa (id, nome, situacao, cor, posicao, padrao, created_at)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
       nome, situacao, cor, posicao, padrao, now()
FROM (VALUES ('Nova', 'nova', 'azul', 0, true), ('Em andamento', 'em_andamento', 'ambar', 0, true),
             ('Proposta enviada', 'em_andamento', 'roxo', 1, false), ('Concluída', 'concluida', 'verde', 0, true),
             ('Cancelada', 'cancelada', 'cinza', 0, true)) AS preset (nome, situacao, cor, posicao, padrao);

-- What an empresa asks of the unidade (S0-5).
CREATE TABLE demanda (
    id uuid CONSTRAINT demanda_pkey PRIMARY KEY,
    empresa_id uuid NOT NULL CONSTRAINT demanda_empresa_id_fkey REFERENCES empresa (id),
    titulo text NOT NULL CONSTRAINT demanda_titulo CHECK (length(titulo) BETWEEN 1 AND 200),
    descricao text NOT NULL CONSTRAINT demanda_descricao CHECK (length(descricao) BETWEEN 1 AND 5000),
    tipo_id uuid NOT NULL CONSTRAINT demanda_tipo_id_fkey REFERENCES demanda_tipo (id),
    setor_id uuid CONSTRAINT demanda_setor_id_fkey REFERENCES setor (id),
    etapa_id uuid NOT NULL CONSTRAINT demanda_etapa_id_fkey REFERENCES demanda_etapa (id),
    -- That of its etapa.
    situacao text NOT NULL CONSTRAINT demanda_situacao CHECK (situacao IN ('nova', 'em_andamento', 'concluida', 'cancelada')),
    valor_estimado numeric(14, 2) CONSTRAINT demanda_valor_estimado CHECK (valor_estimado >= 0),
    -- Who answers for it; nobody yet, or no id where a spreadsheet of the past named somebody who is nobody here.
    responsavel_id uuid CONSTRAINT demanda_responsavel_id_fkey REFERENCES usuario (id),
    responsavel_nome text,
    -- Who of the empresa asked.
    contato_id uuid CONSTRAINT demanda_contato_id_fkey REFERENCES contato (id) ON DELETE SET NULL,
    data_prazo date,
    -- When somebody first did something about it (S0-12.6).
    iniciada_at timestamptz,
    concluida_at timestamptz,
    -- Of one that was called off.
    motivo text,
    -- Since when it is in its etapa.
    etapa_at timestamptz NOT NULL,
    -- For which prazo its responsável was reminded.
    data_lembrete date,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- In the lixeira since.
    deleted_at timestamptz,
    -- What the search box looks through by substring.
    busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(titulo || ' ' || descricao || ' ' || coalesce(responsavel_nome, ''))) STORED,
    CONSTRAINT demanda_concluida CHECK ((situacao = 'concluida') = (concluida_at IS NOT NULL)),
    CONSTRAINT demanda_motivo CHECK (situacao <> 'cancelada' OR motivo IS NOT NULL)
);
-- The list, which begins with the latest, and its exact count, out of the index alone.
CREATE INDEX demanda_lista_idx ON demanda (created_at, id) INCLUDE (situacao, responsavel_id, empresa_id, tipo_id, setor_id, etapa_id)
    WHERE deleted_at IS NULL;
CREATE INDEX demanda_empresa_id_idx ON demanda (empresa_id, created_at) WHERE deleted_at IS NULL;
-- A column of the board, what is due first on top.
CREATE INDEX demanda_etapa_id_idx ON demanda (etapa_id, data_prazo, id) WHERE deleted_at IS NULL;
CREATE INDEX demanda_responsavel_id_idx ON demanda (responsavel_id, data_prazo) WHERE deleted_at IS NULL;
CREATE INDEX demanda_tipo_id_idx ON demanda (tipo_id);
CREATE INDEX demanda_setor_id_idx ON demanda (setor_id) WHERE setor_id IS NOT NULL;
CREATE INDEX demanda_contato_id_idx ON demanda (contato_id) WHERE contato_id IS NOT NULL;
CREATE INDEX demanda_prazo_idx ON demanda (data_prazo) WHERE deleted_at IS NULL AND situacao IN ('nova', 'em_andamento');
CREATE INDEX demanda_deleted_at_idx ON demanda (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX demanda_busca_idx ON demanda USING gin (busca ext.gin_trgm_ops) WHERE deleted_at IS NULL;

-- Where it stood from when until when: the funnel and the time in each etapa are counted from these.
CREATE TABLE demanda_passagem (
    id uuid CONSTRAINT demanda_passagem_pkey PRIMARY KEY,
    demanda_id uuid NOT NULL CONSTRAINT demanda_passagem_demanda_id_fkey REFERENCES demanda (id) ON DELETE CASCADE,
    etapa_id uuid NOT NULL CONSTRAINT demanda_passagem_etapa_id_fkey REFERENCES demanda_etapa (id),
    situacao text NOT NULL CONSTRAINT demanda_passagem_situacao CHECK (situacao IN ('nova', 'em_andamento', 'concluida', 'cancelada')),
    inicio_at timestamptz NOT NULL,
    -- NULL: it still stands there.
    fim_at timestamptz,
    CONSTRAINT demanda_passagem_fim CHECK (fim_at >= inicio_at)
);
CREATE UNIQUE INDEX demanda_passagem_atual_key ON demanda_passagem (demanda_id) WHERE fim_at IS NULL;
CREATE INDEX demanda_passagem_demanda_id_idx ON demanda_passagem (demanda_id, inicio_at);
CREATE INDEX demanda_passagem_etapa_id_idx ON demanda_passagem (etapa_id);

-- Its files lie among the documentos of the empresa, in the pasta of demandas (S0-5.11, S0-11.3).
CREATE TABLE demanda_documento (
    demanda_id uuid NOT NULL CONSTRAINT demanda_documento_demanda_id_fkey REFERENCES demanda (id) ON DELETE CASCADE,
    documento_id uuid NOT NULL CONSTRAINT demanda_documento_documento_id_fkey REFERENCES documento (id) ON DELETE CASCADE,
    anexo text NOT NULL CONSTRAINT demanda_documento_anexo CHECK (anexo IN ('proposta', 'orcamento', 'relatorio', 'outro')),
    CONSTRAINT demanda_documento_pkey PRIMARY KEY (demanda_id, documento_id)
);
CREATE INDEX demanda_documento_documento_id_idx ON demanda_documento (documento_id);

-- What a demanda becomes when the empresa contracts it (S0-5.15): at most one of each.
CREATE TABLE projeto (
    id uuid CONSTRAINT projeto_pkey PRIMARY KEY,
    demanda_id uuid NOT NULL CONSTRAINT projeto_demanda_id_key UNIQUE CONSTRAINT projeto_demanda_id_fkey REFERENCES demanda (id),
    empresa_id uuid NOT NULL CONSTRAINT projeto_empresa_id_fkey REFERENCES empresa (id),
    titulo text NOT NULL CONSTRAINT projeto_titulo CHECK (length(titulo) BETWEEN 1 AND 200),
    valor numeric(14, 2) CONSTRAINT projeto_valor CHECK (valor >= 0),
    data_inicio date NOT NULL,
    data_fim date,
    responsavel_id uuid CONSTRAINT projeto_responsavel_id_fkey REFERENCES usuario (id),
    responsavel_nome text,
    situacao text NOT NULL CONSTRAINT projeto_situacao CHECK (situacao IN ('em_execucao', 'concluido', 'cancelado')),
    concluido_at timestamptz,
    motivo text,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- In the lixeira since.
    deleted_at timestamptz,
    busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(titulo || ' ' || coalesce(responsavel_nome, ''))) STORED,
    CONSTRAINT projeto_fim CHECK (data_fim >= data_inicio),
    CONSTRAINT projeto_concluido CHECK ((situacao = 'concluido') = (concluido_at IS NOT NULL)),
    CONSTRAINT projeto_motivo CHECK (situacao <> 'cancelado' OR motivo IS NOT NULL)
);
CREATE INDEX projeto_lista_idx ON projeto (data_inicio, id) INCLUDE (situacao, responsavel_id, empresa_id) WHERE deleted_at IS NULL;
CREATE INDEX projeto_empresa_id_idx ON projeto (empresa_id, data_inicio) WHERE deleted_at IS NULL;
CREATE INDEX projeto_responsavel_id_idx ON projeto (responsavel_id) WHERE deleted_at IS NULL;
CREATE INDEX projeto_deleted_at_idx ON projeto (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX projeto_busca_idx ON projeto USING gin (busca ext.gin_trgm_ops) WHERE deleted_at IS NULL;

-- What the presets may do with demandas and projetos (S0-2.9 to S0-2.15). Administrador holds everything without a row.
INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil.id, preset.permissao, preset.escopo
FROM (VALUES
    ('coordenador', 'relacionamento.demanda.alterar', 'todas'),
    ('coordenador', 'relacionamento.demanda.excluir', 'todas'),
    ('coordenador', 'relacionamento.demanda.exportar', 'todas'),
    ('coordenador', 'relacionamento.demanda.registrar', 'todas'),
    ('coordenador', 'relacionamento.demanda.ver', 'todas'),
    ('coordenador', 'relacionamento.projeto.alterar', 'todas'),
    ('coordenador', 'relacionamento.projeto.excluir', 'todas'),
    ('coordenador', 'relacionamento.projeto.ver', 'todas'),
    ('atendente', 'relacionamento.demanda.alterar', 'proprias'),
    ('atendente', 'relacionamento.demanda.exportar', 'proprias'),
    ('atendente', 'relacionamento.demanda.registrar', 'proprias'),
    ('atendente', 'relacionamento.demanda.ver', 'proprias'),
    ('atendente', 'relacionamento.projeto.alterar', 'proprias'),
    ('atendente', 'relacionamento.projeto.ver', 'proprias'),
    ('leitor', 'relacionamento.demanda.exportar', 'todas'),
    ('leitor', 'relacionamento.demanda.ver', 'todas'),
    ('leitor', 'relacionamento.projeto.ver', 'todas')
) AS preset (key, permissao, escopo)
JOIN perfil ON perfil.key = preset.key
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
