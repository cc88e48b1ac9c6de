use super::*;

fn tenant(sql: &str) -> Vec<String> {
    messages(Stream::Tenant, sql)
}

fn platform(sql: &str) -> Vec<String> {
    messages(Stream::Platform, sql)
}

fn messages(stream: Stream, sql: &str) -> Vec<String> {
    check(stream, "m.sql", sql).into_iter().map(|finding| format!("{}: {}", finding.line, finding.message)).collect()
}

/// Exactly one finding, whose message holds `part`.
#[track_caller]
fn refuses(stream: Stream, sql: &str, part: &str) {
    let messages = messages(stream, sql);
    assert!(messages.len() == 1 && messages[0].contains(part), "{sql}\n{messages:#?}");
}

const NOTHING: Vec<String> = Vec::new();

#[test]
fn a_good_tenant_migration_passes() {
    let sql = "
        -- SELECT * in a comment; CREATE TYPE too.
        CREATE TABLE empresa (
            id uuid PRIMARY KEY,
            numero bigint GENERATED ALWAYS AS IDENTITY,
            nome text NOT NULL CONSTRAINT empresa_nome_check CHECK (length(nome) BETWEEN 1 AND 200),
            cnpj text CONSTRAINT empresa_cnpj_key UNIQUE,
            municipio_codigo integer CONSTRAINT empresa_municipio_fkey REFERENCES ref.municipio (codigo),
            matriz_id uuid,
            busca text NOT NULL GENERATED ALWAYS AS (ext.sem_acento(nome)) STORED,
            data_fundacao date,
            created_at timestamptz NOT NULL DEFAULT '2026-01-01',
            type text, role text, owner text,
            CONSTRAINT empresa_matriz_fkey FOREIGN KEY (matriz_id) REFERENCES empresa (id) ON DELETE SET NULL,
            CONSTRAINT empresa_periodo_excl EXCLUDE USING gist (nome WITH =),
            CONSTRAINT empresa_matriz_check CHECK (matriz_id <> id)
        );
        CREATE INDEX empresa_busca_idx ON empresa USING gin (busca ext.gin_trgm_ops);
        CREATE UNIQUE INDEX empresa_nome_key ON empresa (nome) WHERE cnpj IS NULL;
        ALTER TABLE empresa ADD COLUMN version integer NOT NULL DEFAULT 1,
            ADD CONSTRAINT empresa_nome_excl UNIQUE (nome), DROP COLUMN numero;
        UPDATE empresa e SET nome = m.nome FROM ref.municipio m WHERE m.codigo = e.municipio_codigo;
        INSERT INTO empresa (id, nome) SELECT e.id, e.nome || ' * 2' FROM empresa AS e WHERE 2 * e.version > count(*)
            ON CONFLICT (id) DO UPDATE SET nome = excluded.nome;
        CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT ext.sem_acento(a) $$;
        SELECT a OPERATOR(pg_catalog.*) b FROM empresa;";
    assert_eq!(tenant(sql), NOTHING);
}

#[test]
fn all_columns_at_once_are_refused() {
    for sql in [
        "SELECT * FROM a",
        "INSERT INTO a (b) VALUES (1) RETURNING *",
        "SELECT a.* FROM a",
        "SELECT b, * FROM a",
        "SELECT DISTINCT * FROM a",
    ] {
        refuses(Stream::Tenant, sql, "name the columns");
    }
    refuses(Stream::Tenant, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n SELECT * FROM a $$", "2: name the columns");
}

#[test]
fn types_and_domains_are_refused() {
    refuses(Stream::Tenant, "CREATE TYPE situacao AS ENUM ('a')", "no types");
    refuses(Stream::Tenant, "CREATE DOMAIN cnpj AS text", "no domains");
    assert_eq!(platform("CREATE TYPE ref.situacao AS ENUM ('a')"), NOTHING);
}

#[test]
fn types_of_columns_that_mislead_are_refused() {
    for column in ["a varchar(9)", "a char(2)", "a character varying", "a money", "a json", "a timestamp", "a bigserial"] {
        assert_eq!(tenant(&format!("CREATE TABLE x (id uuid PRIMARY KEY, {column})")).len(), 1, "{column}");
    }
}

#[test]
fn a_table_without_primary_key_is_refused() {
    refuses(Stream::Tenant, "CREATE TABLE a (b text)", "table a has no primary key");
    assert_eq!(tenant("CREATE TABLE a_2026 PARTITION OF a FOR VALUES IN ('b')"), NOTHING);
}

#[test]
fn nameless_constraints_are_refused() {
    let name_it = "name it: CONSTRAINT";
    for element in [
        "b text UNIQUE",
        "b text CHECK (b <> '')",
        "b text REFERENCES c (d)",
        "UNIQUE (id)",
        "CHECK (true)",
        "EXCLUDE USING gist (b WITH =)",
    ] {
        refuses(Stream::Tenant, &format!("CREATE TABLE a (id uuid PRIMARY KEY, {element})"), name_it);
    }
    refuses(Stream::Tenant, "CREATE TABLE a (id uuid PRIMARY KEY, FOREIGN KEY (b) REFERENCES c (d))", name_it);
    refuses(Stream::Tenant, "ALTER TABLE a ADD CHECK (b > 0)", name_it);
    refuses(Stream::Tenant, "ALTER TABLE a ADD COLUMN b text UNIQUE", name_it);
    refuses(Stream::Tenant, "CREATE TABLE a (id uuid PRIMARY KEY, b text CONSTRAINT a_b_key UNIQUE CHECK (b <> ''))", name_it);
    refuses(Stream::Platform, "CREATE TABLE ref.a (id uuid PRIMARY KEY, b text UNIQUE)", name_it);
    refuses(Stream::Tenant, "ALTER TABLE a ADD CONSTRAINT a_b_1 CHECK (b > 0)", "_<digits>");
    refuses(Stream::Tenant, "CREATE INDEX ON a (b)", "name the index");
}

#[test]
fn a_column_that_old_rows_cannot_fill_is_refused() {
    refuses(Stream::Tenant, "ALTER TABLE a ADD COLUMN b text NOT NULL", "NOT NULL without DEFAULT");
    refuses(Stream::Tenant, "ALTER TABLE a ADD b text NOT NULL", "NOT NULL without DEFAULT");
    assert_eq!(tenant("ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT ''; ALTER TABLE a ALTER COLUMN b SET NOT NULL"), NOTHING);
}

#[test]
fn identity_stands_inside_create_table() {
    refuses(Stream::Tenant, "ALTER TABLE a ADD COLUMN b bigint GENERATED ALWAYS AS IDENTITY", "identity only inside");
    refuses(Stream::Tenant, "ALTER TABLE a ALTER COLUMN b ADD GENERATED ALWAYS AS IDENTITY", "identity only inside");
}

#[test]
fn deferred_constraints_are_refused() {
    let table = |tail: &str| format!("CREATE TABLE a (id uuid PRIMARY KEY, b uuid CONSTRAINT a_b_fkey REFERENCES c (d) {tail})");
    refuses(Stream::Tenant, &table("DEFERRABLE INITIALLY DEFERRED"), "no deferrable constraints");
    assert_eq!(tenant(&table("NOT DEFERRABLE")), NOTHING);
}

#[test]
fn other_schemas_are_refused_and_aliases_are_none() {
    for sql in [
        "SELECT a FROM public.b",
        "INSERT INTO t_0123.a (b) VALUES (1)",
        "UPDATE a SET b = platform.f(1)",
        "DELETE FROM \"platform\".a",
    ] {
        refuses(Stream::Tenant, sql, "only ext. and ref. are named");
    }
    assert_eq!(tenant("DELETE FROM a USING ref.municipio AS m, b WHERE a.x = m.codigo AND b.y = a.y"), NOTHING);
    let body = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT a FROM platform.b $$";
    refuses(Stream::Tenant, body, "only ext. and ref. are named");
    assert_eq!(check_sample(Stream::Tenant, "s.sql", "INSERT INTO public.a (b) VALUES (1)").len(), 1);
}

#[test]
fn what_the_migrator_does_is_not_written_down() {
    for sql in [
        "BEGIN",
        "SET search_path = a",
        "SET LOCAL ROLE b",
        "GRANT SELECT ON a TO b",
        "CREATE INDEX CONCURRENTLY a_idx ON a (b)",
        "ROLLBACK",
    ] {
        assert!(!tenant(sql).is_empty(), "{sql}");
    }
    refuses(Stream::Tenant, "ALTER TABLE a RENAME CONSTRAINT b TO c", "drop and add");
    refuses(Stream::Tenant, "ALTER TABLE a ALTER COLUMN b SET STORAGE main", "SET STORAGE");
    refuses(Stream::Tenant, "UPDATE a SET b = gen_random_uuid()", "no volatile function");
}

#[test]
fn bodies_neither_notify_nor_build_sql() {
    let body =
        |body: &str| format!("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NEW; END $$");
    assert_eq!(tenant(&body("NEW.busca := ext.sem_acento(NEW.nome)")), NOTHING);
    assert_eq!(tenant("CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION f()"), NOTHING);
    refuses(Stream::Tenant, &body("PERFORM pg_notify('a', NEW.id::text)"), "notifies");
    refuses(Stream::Tenant, &body("NOTIFY a"), "NOTIFY is a statement");
    refuses(Stream::Tenant, &body("EXECUTE 'DROP TABLE ' || NEW.nome"), "static text");
    refuses(
        Stream::Tenant,
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$",
        "no SECURITY DEFINER",
    );
}

#[test]
fn names_of_columns_follow_their_type() {
    let table = |column: &str| format!("CREATE TABLE a (id uuid PRIMARY KEY, {column})");
    refuses(Stream::Tenant, &table("criado timestamptz"), "an instant is named …_at");
    refuses(Stream::Tenant, &table("fundacao date"), "a day is named data_…");
    refuses(Stream::Tenant, &table("data jsonb"), "`data` is a date");
    refuses(Stream::Tenant, &table("\"razão\" text"), "ASCII");
}

#[test]
fn the_platform_says_where_its_objects_live() {
    let good = "
        CREATE TABLE platform.unidade (id uuid PRIMARY KEY, slug text CONSTRAINT unidade_slug_key UNIQUE,
            municipio integer CONSTRAINT unidade_municipio_fkey REFERENCES ref.municipio (codigo));
        CREATE INDEX unidade_slug_idx ON platform.unidade (slug);
        ALTER TABLE platform.unidade ADD COLUMN nome text;
        INSERT INTO platform.unidade (id) SELECT gen_random_uuid() FROM generate_series(1, 2) AS n
            ON CONFLICT (id) DO UPDATE SET slug = excluded.slug;
        DELETE FROM platform.unidade WHERE id IS NULL;
        GRANT SELECT, REFERENCES ON ref.municipio TO PUBLIC;
        GRANT EXECUTE ON FUNCTION platform.enqueue(text) TO PUBLIC;
        CREATE TRIGGER unidade_changed AFTER INSERT OR UPDATE ON platform.unidade FOR EACH ROW EXECUTE FUNCTION platform.tell();
        CREATE OR REPLACE FUNCTION platform.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
            AS $$ BEGIN PERFORM pg_notify('a', ''); EXECUTE format('SET ROLE %I', 'x'); END $$;";
    assert_eq!(platform(good), NOTHING);

    for sql in [
        "CREATE TABLE a (id uuid PRIMARY KEY)",
        "ALTER TABLE a ADD COLUMN b text",
        "CREATE INDEX a_idx ON a (b)",
        "INSERT INTO a (b) VALUES (1)",
        "UPDATE a SET b = 1",
        "DELETE FROM public.a",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
        "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION platform.f()",
        "CREATE TABLE platform.a (id uuid PRIMARY KEY, b int CONSTRAINT a_b_fkey REFERENCES b (id))",
    ] {
        refuses(Stream::Platform, sql, "qualify it");
    }
}

#[test]
fn a_definer_function_fixes_its_path() {
    let sql = "CREATE FUNCTION platform.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$";
    refuses(Stream::Platform, sql, "SECURITY DEFINER without SET search_path");
}

#[test]
fn text_that_never_ends_is_refused() {
    assert_eq!(tenant("SELECT 1;\nSELECT 'a"), ["2: this quote is never closed"]);
}
