-- Walls of one placement database. Run by its administrator (superuser, or the owner on a hosted PostgreSQL) at every
-- `sri migrate`; every statement may be repeated. Passwords of the login roles are set apart, by the program.
-- What a hosted PostgreSQL refuses (revokes on pg_catalog) is reported by `sri doctor`, not here.

DO $$
DECLARE
    login text;
BEGIN
    FOREACH login IN ARRAY ARRAY['sri_runtime', 'sri_platform', 'sri_migrator', 'sri_backup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = login) THEN
            BEGIN
                EXECUTE pg_catalog.format('CREATE ROLE %I LOGIN NOINHERIT', login);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- another process of ours was quicker
            END;
        END IF;
    END LOOP;
END
$$;

ALTER ROLE sri_migrator CREATEROLE;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS ext;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA ext;
GRANT USAGE ON SCHEMA ext TO PUBLIC;

-- Lower case without accents: what people type is compared through it. IMMUTABLE is true as long as the dictionary file
-- of the server is not edited; indexes would have to be rebuilt then.
CREATE OR REPLACE FUNCTION ext.sem_acento(texto text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN pg_catalog.lower(ext.unaccent('ext.unaccent'::pg_catalog.regdictionary, texto));

-- Who is no superuser can give away a schema only as a member of the role that gets it, and takes that back at once.
DO $$
DECLARE
    is_superuser boolean := (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user);
BEGIN
    IF NOT is_superuser THEN
        EXECUTE pg_catalog.format('GRANT CREATE ON DATABASE %I TO sri_platform', pg_catalog.current_database());
        GRANT sri_platform TO CURRENT_USER;
    END IF;
    CREATE SCHEMA IF NOT EXISTS platform;
    ALTER SCHEMA platform OWNER TO sri_platform;
    CREATE SCHEMA IF NOT EXISTS ref;
    ALTER SCHEMA ref OWNER TO sri_platform;
    GRANT USAGE ON SCHEMA ref TO PUBLIC;
    GRANT USAGE ON SCHEMA platform TO sri_migrator, sri_runtime;
    IF NOT is_superuser THEN
        REVOKE sri_platform FROM CURRENT_USER;
    END IF;
END
$$;
