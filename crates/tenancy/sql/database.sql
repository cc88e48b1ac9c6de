-- Rights on the database itself. They do not travel with a template, so clones get them anew.
DO $$
DECLARE
    login text;
BEGIN
    EXECUTE pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC', pg_catalog.current_database());
    EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO sri_runtime, sri_platform, sri_migrator, sri_backup', pg_catalog.current_database());
    EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO sri_migrator WITH GRANT OPTION', pg_catalog.current_database());
    EXECUTE pg_catalog.format('GRANT CREATE ON DATABASE %I TO sri_platform, sri_migrator', pg_catalog.current_database());
    FOR login IN SELECT rolname FROM pg_catalog.pg_roles WHERE rolname ~ '^i_[0-9a-f]{32}$'
                 AND pg_catalog.to_regnamespace('t_' || pg_catalog.substr(rolname, 3)) IS NOT NULL LOOP
        EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO %I', pg_catalog.current_database(), login);
    END LOOP;
END
$$;
