-- How somebody likes a list to look.
CREATE TABLE aparencia (
    usuario_id uuid NOT NULL CONSTRAINT aparencia_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Path of the list.
    lista text NOT NULL,
    -- Columns that are not shown, so that one that comes new is.
    ocultas text[] NOT NULL CONSTRAINT aparencia_ocultas CHECK (cardinality(ocultas) <= 50),
    -- Its rows close together.
    compacta boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT aparencia_pkey PRIMARY KEY (usuario_id, lista)
);
