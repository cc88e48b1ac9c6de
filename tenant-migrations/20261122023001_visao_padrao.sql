-- The visão that a list opens with, for one person: their own or one that is shared.
CREATE TABLE visao_padrao (
    usuario_id uuid NOT NULL CONSTRAINT visao_padrao_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Path of the list, as the visão has it.
    lista text NOT NULL,
    visao_id uuid NOT NULL CONSTRAINT visao_padrao_visao_id_fkey REFERENCES visao (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    CONSTRAINT visao_padrao_pkey PRIMARY KEY (usuario_id, lista)
);
CREATE INDEX visao_padrao_visao_id_idx ON visao_padrao (visao_id);
