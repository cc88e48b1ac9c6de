-- The picture of a usuario: small, drawn anew from what they sent.
CREATE TABLE usuario_foto (
    usuario_id uuid CONSTRAINT usuario_foto_pkey PRIMARY KEY CONSTRAINT usuario_foto_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Names the picture in addresses: the first half of the SHA-256 of its bytes, in hexadecimal digits.
    hash text NOT NULL CONSTRAINT usuario_foto_hash CHECK (hash ~ '^[0-9a-f]{32}$'),
    -- JPEG.
    bytes bytea NOT NULL CONSTRAINT usuario_foto_bytes CHECK (octet_length(bytes) <= 65536),
    created_at timestamptz NOT NULL
);
CREATE INDEX usuario_foto_hash_idx ON usuario_foto (hash);
-- The same hash beside the name, which is read at every request.
ALTER TABLE usuario ADD COLUMN foto text;
