-- Answers already given to requests with an Idempotency-Key, so that a repeated one changes nothing and hears the same.
CREATE TABLE idempotencia (
    -- Who asked; the same key of somebody else is another key.
    actor_id uuid NOT NULL,
    key text NOT NULL CONSTRAINT idempotencia_key CHECK (length(key) BETWEEN 1 AND 200),
    -- SHA-256 of method, path and body: the key must not be used for something else.
    request_hash bytea NOT NULL,
    -- NULL until the request has been answered, in the same transaction.
    status_code smallint,
    version integer,
    body jsonb,
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotencia_pkey PRIMARY KEY (actor_id, key)
);
CREATE INDEX idempotencia_created_at_idx ON idempotencia (created_at);
