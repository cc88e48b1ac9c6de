-- Functions through which one injected expression could change the role, read another schema or leave traces that
-- outlive a transaction (security.md 0.1). `SET LOCAL …` statements keep working without them.
DO $$
DECLARE
    f record;
BEGIN
    FOR f IN
        SELECT p.oid::pg_catalog.regprocedure AS signature
        FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
          AND (p.proname = 'set_config'
               OR p.proname ~ '^(query|table|schema|database|cursor)_to_xml'
               OR p.proname ~ '^lo_' OR p.proname IN ('loread', 'lowrite', 'lo_import', 'lo_export'))
    LOOP
        EXECUTE pg_catalog.format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f.signature);
    END LOOP;
END
$$;
