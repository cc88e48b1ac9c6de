-- Who does not want to see the first steps of the unidade any more.
CREATE TABLE dispensa (
    usuario_id uuid CONSTRAINT dispensa_pkey PRIMARY KEY
        CONSTRAINT dispensa_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);
