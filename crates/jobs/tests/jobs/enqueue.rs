//! What stands in the queue, and who can put it there.

use jobs::{Enqueue, Payload, enqueue, enqueue_platform};
use kernel::Fault;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::house::House;

#[derive(Serialize, Deserialize)]
struct Aviso {
    id: u32,
}
impl Payload for Aviso {
    const NAME: &'static str = "amostra.aviso";
}

#[tokio::test]
async fn a_rolled_back_change_leaves_no_job() {
    let house = House::new().await;
    let tenants = house.tenants();
    let refused = tenants.write(&house.alfa, async |tx| {
        enqueue(tx, &Aviso { id: 1 }, Enqueue::default()).await?;
        Err::<(), _>(Fault::because("refused"))
    });
    refused.await.unwrap_err();
    assert_eq!(house.jobs().await, 0);

    tenants.write(&house.alfa, async |tx| enqueue(tx, &Aviso { id: 1 }, Enqueue::default()).await).await.unwrap();
    assert_eq!(house.jobs().await, 1);
    let of_alfa = format!(
        "SELECT count(*) FROM platform.job WHERE unidade_id = '{}' AND name = 'amostra.aviso' AND payload = '{{\"id\": 1}}'",
        house.alfa.id
    );
    assert_eq!(house.number(&of_alfa).await, 1);

    let mut tx = house.platform.begin().await.unwrap();
    enqueue_platform(&mut tx, &Aviso { id: 2 }, Enqueue::default()).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(house.jobs().await, 1);
}

#[tokio::test]
async fn a_key_waits_once_per_unidade_and_the_last_word_counts() {
    let house = House::new().await;
    let tenants = house.tenants();
    for unidade in [&house.alfa, &house.beta] {
        for id in 1..=3 {
            tenants.write(unidade, async |tx| enqueue(tx, &Aviso { id }, Enqueue::keyed("resumo")).await).await.unwrap();
        }
    }
    house.platform.write(async |tx| enqueue_platform(tx, &Aviso { id: 9 }, Enqueue::keyed("resumo")).await).await.unwrap();
    assert_eq!(house.jobs().await, 3);
    assert_eq!(
        house.number("SELECT count(*) FROM platform.job WHERE payload = '{\"id\": 3}' AND unidade_id IS NOT NULL").await,
        2
    );
}

#[tokio::test]
async fn arguments_out_of_bounds_are_refused() {
    let house = House::new().await;
    let tenants = house.tenants();
    let wrong = [
        Enqueue::keyed(""),
        Enqueue::keyed("k".repeat(201)),
        Enqueue { max_attempts: Some(0), ..Enqueue::default() },
        Enqueue { priority: Some(101), ..Enqueue::default() },
    ];
    for how in wrong {
        let shown = format!("{how:?}");
        let refused = tenants.write(&house.alfa, async |tx| enqueue(tx, &Aviso { id: 1 }, how).await).await;
        assert!(refused.is_err(), "{shown}");
    }
    assert_eq!(house.jobs().await, 0);
}

/// T-NS4, T-DB5: the DML role of alfa, with any SQL it likes, reads nothing of the queue and makes no job of beta.
#[tokio::test]
async fn a_unidades_role_can_only_enqueue_for_itself() {
    let house = House::new().await;
    let (alfa, beta) = (house.alfa.names().dml_role(), house.beta.names().dml_role());
    let beta_id = house.beta.id;
    house.tenants().write(&house.beta, async |tx| enqueue(tx, &Aviso { id: 7 }, Enqueue::keyed("k")).await).await.unwrap();
    let enqueue_call = "platform.enqueue('amostra.aviso', '{}', 'k', NULL, NULL, NULL, NULL)";

    // As the web and the workers log in, and as the unidade's own login role: both end in the same DML role.
    let attempts = [
        "SELECT * FROM platform.job".to_owned(),
        "SELECT * FROM platform.job_gate FOR UPDATE".to_owned(),
        "SELECT * FROM platform.schedule".to_owned(),
        "SELECT * FROM platform.unidade".to_owned(),
        "SELECT * FROM platform.auditoria".to_owned(),
        "SELECT * FROM platform._migration".to_owned(),
        format!("INSERT INTO platform.job (unidade_id, name, payload, run_at) VALUES ('{beta_id}', 'a', '{{}}', now())"),
        format!("UPDATE platform.job SET unidade_id = '{beta_id}'"),
        "DELETE FROM platform.job".to_owned(),
        "TRUNCATE platform.job".to_owned(),
        "SELECT nextval('platform.job_id_seq')".to_owned(),
        "CREATE TABLE platform.minha (id int)".to_owned(),
        "CREATE FUNCTION platform.minha() RETURNS int LANGUAGE sql AS 'SELECT 1'".to_owned(),
        "SELECT platform.unidade_in_force()".to_owned(),
        format!("SELECT set_config('role', '{beta}', true), {enqueue_call}"),
        // Not its job, though a good guess of id and fence.
        "SELECT platform.hold_job(1, 0)".to_owned(),
        "CREATE TEMP TABLE job (id int)".to_owned(),
    ];
    for sql in attempts {
        let refused = as_unidade(&house, &alfa, &sql).await.unwrap_err();
        let code = refused.as_database_error().and_then(|e| e.code().map(std::borrow::Cow::into_owned)).unwrap_or_default();
        let expected = if sql.contains("hold_job") { "SRI01" } else { "42501" };
        assert_eq!(code, expected, "{sql}: {refused}");
    }
    assert_eq!(house.jobs().await, 1, "nothing was added or taken");

    // What it may do lands with itself; the waiting job of beta with the same key stays.
    as_unidade(&house, &alfa, &format!("SELECT {enqueue_call}")).await.unwrap();
    assert_eq!(house.number(&format!("SELECT count(*) FROM platform.job WHERE unidade_id = '{beta_id}'")).await, 1);
    assert_eq!(house.number(&format!("SELECT count(*) FROM platform.job WHERE unidade_id = '{}'", house.alfa.id)).await, 1);
}

/// Without a unidade's role in force there is nobody to enqueue for.
#[tokio::test]
async fn the_runtime_login_alone_cannot_enqueue() {
    let house = House::new().await;
    let call = "SELECT platform.enqueue('amostra.aviso', '{}', NULL, NULL, NULL, NULL, NULL)";
    let mut admin = house.admin().await;
    for role in ["sri_runtime", "sri_backup"] {
        let refused = run(&mut admin, &format!("BEGIN; SET LOCAL SESSION AUTHORIZATION {role}; {call}")).await.unwrap_err();
        assert!(refused.to_string().contains("no unidade's role"), "{refused}");
        run(&mut admin, "ROLLBACK").await.unwrap();
    }
    assert_eq!(house.jobs().await, 0);
}

/// No table, sequence or function of `platform` may be within reach of PUBLIC, but the two doors.
#[tokio::test]
async fn public_holds_two_functions_of_the_platform_and_nothing_else() {
    let house = House::new().await;
    let tables = "SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'platform'::regnamespace AND a.grantee = 0";
    assert_eq!(house.number(tables).await, 0);
    let functions = "SELECT count(*) FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                     WHERE p.pronamespace = 'platform'::regnamespace AND a.grantee = 0 AND p.proname NOT IN ('enqueue', 'hold_job')";
    assert_eq!(house.number(functions).await, 0);
    let loose = "SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'platform'::regnamespace AND p.prosecdef
                 AND NOT coalesce(p.proconfig::text LIKE '%search_path=pg_catalog, pg_temp%', false)";
    assert_eq!(house.number(loose).await, 0, "a definer without a fixed path runs what its caller put in front");
}

async fn as_unidade(house: &House, role: &str, sql: &str) -> Result<(), sqlx::Error> {
    let mut conn = house.admin().await;
    run(&mut conn, "SET SESSION AUTHORIZATION sri_runtime").await?;
    run(&mut conn, &format!("BEGIN; SET LOCAL ROLE {role}; SET LOCAL search_path = {role}, pg_temp; {sql}; COMMIT")).await
}

async fn run(conn: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    #[expect(clippy::disallowed_methods, reason = "an attacker's SQL")]
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await.map(drop)
}
