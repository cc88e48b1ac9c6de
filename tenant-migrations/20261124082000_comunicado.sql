-- What whoever may writes to people of the unidade: told at once by the bell, shown on the start page on its days, or both.
CREATE TABLE comunicado (
    -- Drawn with the form, so that a form sent twice is one.
    id uuid CONSTRAINT comunicado_pkey PRIMARY KEY,
    titulo text NOT NULL CONSTRAINT comunicado_titulo CHECK (length(titulo) BETWEEN 1 AND 120),
    texto text NOT NULL CONSTRAINT comunicado_texto CHECK (length(texto) BETWEEN 1 AND 4000),
    -- To everybody of the unidade; otherwise to the perfis and usuarios beside it.
    todos boolean NOT NULL,
    -- By the bell, once, when it was written; and by e-mail to whoever wants such.
    told boolean NOT NULL,
    mailed boolean NOT NULL,
    -- Days of the unidade, both of them included.
    data_inicio date,
    data_fim date,
    autor_id uuid CONSTRAINT comunicado_autor_fkey REFERENCES usuario (id) ON DELETE SET NULL,
    autor_nome text NOT NULL,
    encerrado_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT comunicado_dias CHECK ((data_inicio IS NULL) = (data_fim IS NULL) AND data_fim >= data_inicio),
    CONSTRAINT comunicado_meio CHECK ((told OR data_inicio IS NOT NULL) AND (told OR NOT mailed))
);
CREATE INDEX comunicado_autor_idx ON comunicado (autor_id);
-- Asked by whoever comes in: as small as what is shown.
CREATE INDEX comunicado_mostrado_idx ON comunicado (data_fim) WHERE data_fim IS NOT NULL AND encerrado_at IS NULL;

CREATE TABLE comunicado_perfil (
    comunicado_id uuid NOT NULL CONSTRAINT comunicado_perfil_comunicado_fkey REFERENCES comunicado (id) ON DELETE CASCADE,
    perfil_id uuid NOT NULL CONSTRAINT comunicado_perfil_perfil_fkey REFERENCES perfil (id) ON DELETE CASCADE,
    CONSTRAINT comunicado_perfil_pkey PRIMARY KEY (comunicado_id, perfil_id)
);
CREATE INDEX comunicado_perfil_perfil_idx ON comunicado_perfil (perfil_id);

CREATE TABLE comunicado_usuario (
    comunicado_id uuid NOT NULL CONSTRAINT comunicado_usuario_comunicado_fkey REFERENCES comunicado (id) ON DELETE CASCADE,
    usuario_id uuid NOT NULL CONSTRAINT comunicado_usuario_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    CONSTRAINT comunicado_usuario_pkey PRIMARY KEY (comunicado_id, usuario_id)
);
CREATE INDEX comunicado_usuario_usuario_idx ON comunicado_usuario (usuario_id);

-- Who was told of it, and what they did then.
CREATE TABLE comunicado_leitura (
    comunicado_id uuid NOT NULL CONSTRAINT comunicado_leitura_comunicado_fkey REFERENCES comunicado (id) ON DELETE CASCADE,
    usuario_id uuid NOT NULL CONSTRAINT comunicado_leitura_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Null: they found it on the start page.
    told_at timestamptz,
    read_at timestamptz,
    -- Not on their start page any more.
    dismissed_at timestamptz,
    CONSTRAINT comunicado_leitura_pkey PRIMARY KEY (comunicado_id, usuario_id)
);
CREATE INDEX comunicado_leitura_usuario_idx ON comunicado_leitura (usuario_id);

-- Administrador holds everything without a row.
INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil.id, 'acesso.comunicado.gerir', 'todas'
FROM perfil WHERE perfil.key = 'coordenador'
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
