-- How a unidade sends e-mail: whether it does, and through which server; the installation's where it names none. One row at most.
CREATE TABLE correio (
    -- Also what the password is sealed for.
    id uuid CONSTRAINT correio_pkey PRIMARY KEY,
    one boolean NOT NULL DEFAULT true CONSTRAINT correio_one_key UNIQUE CONSTRAINT correio_one CHECK (one),
    ativo boolean NOT NULL,
    host text,
    port integer CONSTRAINT correio_port CHECK (port BETWEEN 1 AND 65535),
    tls text CONSTRAINT correio_tls CHECK (tls IN ('imediato', 'starttls', 'nenhum')),
    conta text,
    -- Sealed.
    senha bytea,
    remetente text,
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    CONSTRAINT correio_servidor CHECK (
        host IS NULL AND port IS NULL AND tls IS NULL AND conta IS NULL AND senha IS NULL AND remetente IS NULL
        OR host IS NOT NULL AND port IS NOT NULL AND tls IS NOT NULL AND remetente IS NOT NULL AND (conta IS NULL) = (senha IS NULL)
    )
);
