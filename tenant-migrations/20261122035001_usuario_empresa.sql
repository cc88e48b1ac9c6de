-- Empresas that a usuario is linked to: what the escopo "vinculadas" reaches beside those they are responsável for (S3-1.7).
CREATE TABLE usuario_empresa (
    usuario_id uuid NOT NULL CONSTRAINT usuario_empresa_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    empresa_id uuid NOT NULL CONSTRAINT usuario_empresa_empresa_fkey REFERENCES empresa (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    CONSTRAINT usuario_empresa_pkey PRIMARY KEY (usuario_id, empresa_id)
);
CREATE INDEX usuario_empresa_empresa_idx ON usuario_empresa (empresa_id);
