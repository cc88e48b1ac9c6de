-- A list as somebody likes to see it: its search, filters and order under a name.
CREATE TABLE visao (
    id uuid CONSTRAINT visao_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT visao_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Path of the list.
    lista text NOT NULL,
    nome text NOT NULL CONSTRAINT visao_nome CHECK (length(nome) BETWEEN 1 AND 60),
    -- Query string of the list's address.
    consulta text NOT NULL CONSTRAINT visao_consulta CHECK (length(consulta) BETWEEN 1 AND 4000),
    compartilhada boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    CONSTRAINT visao_nome_key UNIQUE (usuario_id, lista, nome)
);
CREATE INDEX visao_compartilhada_idx ON visao (lista) WHERE compartilhada;
