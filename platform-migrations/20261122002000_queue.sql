-- The queue of one placement (decision 0010). Jobs live where the change that caused them was committed.
--
-- Only sri_platform touches the tables. A unidade's role may call two functions, and both take the unidade from the role
-- in force, never from an argument.

-- Functions made by this role from here on are nobody's until they are granted.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- To find the two functions. No table of this schema is granted to PUBLIC.
GRANT USAGE ON SCHEMA platform TO PUBLIC;

CREATE TABLE platform.job (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT job_pkey PRIMARY KEY,
    -- NULL: the platform's own.
    unidade_id uuid,
    -- Whose share of the workers it uses; the platform's own jobs share the nil id.
    share uuid NOT NULL GENERATED ALWAYS AS (coalesce(unidade_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED,
    name text NOT NULL CONSTRAINT job_name CHECK (name ~ '^[a-z][a-z0-9_.-]{0,99}$'),
    payload jsonb NOT NULL CONSTRAINT job_payload CHECK (octet_length(payload::text) <= 65536),
    -- At most one waiting job of a share bears the same key; a later one takes its place.
    key text CONSTRAINT job_key CHECK (octet_length(key) BETWEEN 1 AND 200),
    -- Jobs of one lane of a share run one after the other, strictly in the order of their ids.
    lane text CONSTRAINT job_lane CHECK (octet_length(lane) BETWEEN 1 AND 200),
    -- Lower runs earlier within the share.
    priority smallint NOT NULL DEFAULT 0 CONSTRAINT job_priority CHECK (priority BETWEEN -100 AND 100),
    run_at timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    max_attempts smallint NOT NULL DEFAULT 25 CONSTRAINT job_max_attempts CHECK (max_attempts BETWEEN 1 AND 1000),
    state text NOT NULL DEFAULT 'ready' CONSTRAINT job_state CHECK (state IN ('ready', 'running', 'dead')),
    -- Rises with every claim: what was claimed under an older number may not be committed any more.
    fence integer NOT NULL DEFAULT 0,
    worker uuid,
    -- While it lies ahead, the job belongs to the worker.
    lease_until timestamptz,
    last_error text,
    dead_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

CREATE UNIQUE INDEX job_waiting_key_idx ON platform.job (share, key) WHERE state = 'ready' AND key IS NOT NULL;
CREATE INDEX job_ready_idx ON platform.job (share, priority, run_at, id) WHERE state = 'ready';
CREATE INDEX job_running_idx ON platform.job (share) WHERE state = 'running';
CREATE INDEX job_lane_idx ON platform.job (share, lane, id) WHERE lane IS NOT NULL AND state <> 'dead';
CREATE INDEX job_dead_idx ON platform.job (dead_at) WHERE state = 'dead';

-- One row: whoever claims jobs locks it, so that the number of running jobs per share cannot be passed by two at once.
CREATE TABLE platform.job_gate (
    single boolean NOT NULL DEFAULT true CONSTRAINT job_gate_pkey PRIMARY KEY CONSTRAINT job_gate_single CHECK (single),
    -- The share served last; the next turn begins behind it.
    turn uuid NOT NULL
) WITH (fillfactor = 20);
INSERT INTO platform.job_gate (turn) VALUES ('00000000-0000-0000-0000-000000000000');

-- The newest due instant of each schedule that has been turned into a job, or from which counting began.
CREATE TABLE platform.schedule (
    name text NOT NULL,
    -- The nil id for the platform's own.
    share uuid NOT NULL,
    due_at timestamptz NOT NULL,
    CONSTRAINT schedule_pkey PRIMARY KEY (name, share)
);

-- The unidade of the role in force. current_setting('role') still shows the SET ROLE of the caller inside a SECURITY
-- DEFINER function, where current_user is the owner already.
CREATE FUNCTION platform.unidade_in_force() RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    role_in_force text := current_setting('role');
BEGIN
    IF role_in_force !~ '^t_[0-9a-f]{32}$' THEN
        RAISE EXCEPTION 'no unidade''s role is in force' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN substr(role_in_force, 3)::uuid;
END
$$;

-- Adds a job of the calling unidade and answers its id. NULL for a default.
CREATE FUNCTION platform.enqueue(
    name text, payload jsonb, key text, run_at timestamptz, max_attempts integer, priority integer, lane text
) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    job_id bigint;
BEGIN
    INSERT INTO platform.job AS j (unidade_id, name, payload, key, run_at, max_attempts, priority, lane)
    VALUES (platform.unidade_in_force(), enqueue.name, enqueue.payload, enqueue.key, coalesce(enqueue.run_at, now()),
            coalesce(enqueue.max_attempts, 25), coalesce(enqueue.priority, 0), enqueue.lane)
    ON CONFLICT (share, key) WHERE state = 'ready' AND key IS NOT NULL DO UPDATE
        SET name = excluded.name, payload = excluded.payload, run_at = excluded.run_at, lane = excluded.lane,
            max_attempts = excluded.max_attempts, priority = excluded.priority, attempts = 0, last_error = NULL
    RETURNING j.id INTO job_id;
    PERFORM pg_notify('sri_job', '');
    RETURN job_id;
END
$$;
GRANT EXECUTE ON FUNCTION platform.enqueue(text, jsonb, text, timestamptz, integer, integer, text) TO PUBLIC;

-- Refuses when the job is no longer the caller's: its worker was thought dead and the job was given to another. Called
-- last in the transaction of a job's effects; the row stays locked until the transaction ends.
CREATE FUNCTION platform.hold_job(job_id bigint, fence integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM platform.job j
    WHERE j.id = hold_job.job_id AND j.fence = hold_job.fence AND j.state = 'running'
      AND j.unidade_id = platform.unidade_in_force()
    FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the job was given to another worker' USING ERRCODE = 'SRI01';
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION platform.hold_job(bigint, integer) TO PUBLIC;
