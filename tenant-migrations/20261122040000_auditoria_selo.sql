-- The chain over the trail (docs/decisions/0015-audit-chain.md).
-- Number of the transaction that wrote the row, in the cluster where the unidade lives: it means nothing elsewhere, so it
-- travels neither with a backup nor with a move. 0: written before there was a chain.
ALTER TABLE auditoria ADD COLUMN tx bigint NOT NULL DEFAULT 0;
ALTER TABLE auditoria ALTER COLUMN tx SET DEFAULT (pg_current_xact_id()::text::bigint);
CREATE INDEX auditoria_tx_idx ON auditoria (tx, id);
-- What was done, newest first: a filter of the page, and what goes when its time is over.
CREATE INDEX auditoria_action_idx ON auditoria (action, at DESC);

-- Seals over rows of the trail, each bound to the one before it. Append-only as the trail.
CREATE TABLE auditoria_selo (
    numero bigint CONSTRAINT auditoria_selo_pkey PRIMARY KEY,
    -- selo: new rows. retomada: the rows that were not sealed yet when a restore or a move brought the trail here.
    -- corte: rows that were removed because their time was over.
    kind text NOT NULL CONSTRAINT auditoria_selo_kind CHECK (kind IN ('selo', 'retomada', 'corte')),
    sealed_at timestamptz NOT NULL,
    -- The rows in their order, and 32 bytes for each.
    ids uuid[] NOT NULL,
    hashes bytea NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    -- Every row of a transaction below this is sealed; those of `loaded_tx` too.
    horizon bigint NOT NULL,
    loaded_tx bigint,
    CONSTRAINT auditoria_selo_hashes CHECK (length(hashes) = 32 * cardinality(ids)),
    CONSTRAINT auditoria_selo_digests CHECK (length(previous) = 32 AND length(digest) = 32)
);
