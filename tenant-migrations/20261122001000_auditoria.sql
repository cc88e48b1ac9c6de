-- Who did what, when, from where. Append-only: the DML role may insert and read, nothing else.
CREATE TABLE auditoria (
    id uuid CONSTRAINT auditoria_pkey PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    -- The name as it was then.
    actor_nome text NOT NULL,
    on_behalf_of text,
    ip inet,
    user_agent text,
    request_id uuid,
    action text NOT NULL,
    entity text NOT NULL,
    entity_id uuid,
    -- Changed fields only.
    before jsonb,
    after jsonb
);
CREATE INDEX auditoria_at_idx ON auditoria (at DESC, id DESC);
CREATE INDEX auditoria_entity_idx ON auditoria (entity, entity_id, at DESC);
