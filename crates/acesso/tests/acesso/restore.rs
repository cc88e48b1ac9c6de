//! What a restore does not bring back: ways in that were closed since the archive was made.

use std::sync::Arc;

use acesso::{
    Segredo, Senha, WaysIn, convite,
    entrada::{self, Entrada},
    token::{self, CriarToken, TokenCriado},
    usuario::{self, AlterarSenha},
};
use chrono::TimeDelta;
use kernel::Actor;
use tenancy::{
    Backup, BackupKind, Migrations, RestoreInto, RestoreOptions, RestoreParticipant, Restored, TenantTx, UnidadeId, backup,
    restore,
};
use testkit::Base;
use web::Identity;

use crate::house::{ANA, SENHA, actor, behind, home, id_of, invite, links, mailed_secret, person, porteiro, sign_in, text};

const LEO: &str = "leo@senai.example";
const NOVA: &str = "outra-frase-bem-longa";

struct Stage {
    base: Base,
    folder: tempfile::TempDir,
}

impl Stage {
    async fn new() -> Self {
        Self { base: Base::new().await, folder: tempfile::tempdir().unwrap() }
    }

    async fn archive(&self) -> Backup {
        let Base { platform, alfa, .. } = &self.base;
        backup(platform, Migrations::tenant(), alfa, self.folder.path(), BackupKind::Archive, |_| {}).await.unwrap()
    }

    async fn restore(&self, backup: &Backup, into: RestoreInto) -> Restored {
        let folder = self.folder.path();
        let options = RestoreOptions {
            participants: vec![Arc::new(WaysIn)],
            ..RestoreOptions::new(folder.join(&backup.nome), into, folder.to_owned())
        };
        restore(&self.base.platform, Migrations::tenant(), &Actor::sistema(), &options, |_| {}).await.unwrap()
    }

    async fn back(&self, backup: &Backup) -> Restored {
        self.restore(backup, RestoreInto::Replace(self.base.alfa.id)).await
    }

    async fn token(&self) -> TokenCriado {
        let cmd = CriarToken {
            nome: "ERP".parse().unwrap(),
            permissoes: vec!["empresas.empresa.ver".into()],
            days: 30,
            servico: None,
            limite: token::Limite::default(),
        };
        let key = &self.base.config.master_key;
        self.base.alfa(async |tx: &mut TenantTx| token::criar_token(tx, &Actor::sistema(), key, cmd).await.unwrap()).await
    }

    async fn opens(&self, token: &TokenCriado) -> bool {
        let porteiro = porteiro(&self.base);
        self.base.alfa(async |tx: &mut TenantTx| porteiro.by_token(tx, &token.text).await.unwrap()).await.is_some()
    }

    async fn enters(&self, email: &str, senha: &str) -> bool {
        sign_in(&self.base, &home(), email, senha).await.is_ok()
    }

    /// As the superuser, in the schema of alfa.
    async fn sudo(&self, sql: &str) {
        self.base.execute(&format!("SET search_path = {}; {sql}", self.base.alfa.names().schema())).await;
    }
}

/// How many ways in without a senha a unidade has: sessões, entradas, convites and tokens.
async fn open_ways(base: &Base, id: UnidadeId) -> String {
    let schema = tenancy::Names::of(id).schema();
    let sql = format!(
        "SELECT concat_ws(' ', (SELECT count(*) FROM {schema}.sessao WHERE ended_at IS NULL),
                               (SELECT count(*) FROM {schema}.entrada WHERE used_at IS NULL),
                               (SELECT count(*) FROM {schema}.convite WHERE used_at IS NULL AND revoked_at IS NULL),
                               (SELECT count(*) FROM {schema}.token_api WHERE revoked_at IS NULL))"
    );
    text(base, &sql).await
}

#[tokio::test]
async fn sessoes_entradas_and_convites_end_with_every_restore() {
    let stage = Stage::new().await;
    let base = &stage.base;
    let ana = person(base, "Administrador", ANA).await;
    invite(base, &Actor::sistema(), "Leitor", LEO).await.unwrap();
    let convite = mailed_secret(base, LEO).await;
    let links = links();
    let wanted = Entrada { nome: "Ana Lima".parse().unwrap(), email: ANA.parse().unwrap(), valid: TimeDelta::hours(1) };
    let link =
        base.alfa(async |tx: &mut TenantTx| entrada::one_time_entry(tx, &Actor::sistema(), &links, wanted).await.unwrap()).await;
    let entrada: Segredo = link.as_str().rsplit('/').next().unwrap().parse().unwrap();
    let kept = stage.archive().await;
    assert_eq!(open_ways(base, base.alfa.id).await, "1 1 1 0");

    let restored = stage.back(&kept).await;
    assert_eq!(restored.forgotten, Vec::<&str>::new());
    assert!(behind(base, &base.alfa, &ana.cookie.reveal()).await.is_none());
    base.alfa(async |tx: &mut TenantTx| {
        assert!(convite::find_open(tx, &convite).await.unwrap().is_none());
        assert!(entrada::find_open(tx, &entrada).await.unwrap().is_none());
    })
    .await;
    assert_eq!(open_ways(base, base.alfa.id).await, "0 0 0 0");
    assert!(stage.enters(ANA, SENHA).await, "people sign in anew");
}

/// What was taken apart since must not come back: which accounts are one person's is said anew.
#[tokio::test]
async fn no_account_is_linked_after_a_restore() {
    let stage = Stage::new().await;
    person(&stage.base, "Administrador", ANA).await;
    stage.sudo("UPDATE usuario SET conta_id = gen_random_uuid(), passagem = true").await;
    let kept = stage.archive().await;
    stage.back(&kept).await;
    assert_eq!(crate::house::count(&stage.base, "usuario WHERE conta_id IS NOT NULL OR passagem").await, 0);
}

#[tokio::test]
async fn a_token_counts_after_a_restore_only_if_it_counted_before() {
    let stage = Stage::new().await;
    let base = &stage.base;
    let (stays, stolen, lost) = (stage.token().await, stage.token().await, stage.token().await);
    let kept = stage.archive().await;
    base.alfa(async |tx: &mut TenantTx| token::revogar_token(tx, &Actor::sistema(), stolen.id).await.unwrap()).await;
    stage.sudo(&format!("DELETE FROM token_api WHERE id = '{}'", lost.id.uuid())).await;
    let later = stage.token().await;

    stage.back(&kept).await;
    assert!(stage.opens(&stays).await);
    assert!(!stage.opens(&stolen).await, "it was revoked since");
    assert!(!stage.opens(&lost).await, "nobody knew it any more");
    assert!(!stage.opens(&later).await, "it is not in the archive");
}

#[tokio::test]
async fn who_somebody_is_and_how_they_prove_it_is_not_taken_back() {
    let stage = Stage::new().await;
    let base = &stage.base;
    let (ana, leo) = (person(base, "Administrador", ANA).await, person(base, "Leitor", LEO).await);
    for email in ["rui@senai.example", "eva@senai.example"] {
        person(base, "Leitor", email).await;
    }
    let kept = stage.archive().await;
    let (boss, leitor) = (actor(base, &ana).await, actor(base, &leo).await);
    let cmd = AlterarSenha { atual: Senha::typed(SENHA), nova: Senha::typed(NOVA), sessao: ana.id };
    usuario::alterar_senha(&base.tenants, &base.alfa, &boss, cmd).await.unwrap();
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::desativar(tx, &boss, id_of(&leitor)).await).await.unwrap();
    stage.sudo("DELETE FROM credencial USING usuario u WHERE u.id = usuario_id AND u.email = 'rui@senai.example'").await;
    stage.sudo("UPDATE usuario SET nome = 'Estragado'").await;

    stage.back(&kept).await;
    assert!(stage.enters(ANA, NOVA).await);
    assert!(!stage.enters(ANA, SENHA).await, "the password of then may be the one that was guessed");
    assert!(!stage.enters(LEO, SENHA).await, "deactivated since");
    assert!(!stage.enters("rui@senai.example", SENHA).await, "has no password now");
    assert!(stage.enters("eva@senai.example", SENHA).await, "nothing happened to her since");
    let nomes = format!("SELECT count(*) FROM {}.usuario WHERE nome = 'Ana Lima'", base.alfa.names().schema());
    assert_eq!(base.number(&nomes).await, 4, "everything else is as it was then");
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'credencial' AND table_schema = '{}'";
    let columns = columns.replace("{}", &base.alfa.names().schema());
    assert_eq!(base.number(&columns).await, 6, "a new column of a credencial must be carried over as well");
}

/// A first restore took somebody's account away, they were invited anew and shut out; a second one brings the first account
/// back.
#[tokio::test]
async fn whoever_was_invited_anew_is_the_same_person() {
    let stage = Stage::new().await;
    let base = &stage.base;
    person(base, "Administrador", ANA).await;
    person(base, "Leitor", LEO).await;
    let kept = stage.archive().await;
    stage.sudo(&format!("DELETE FROM convite; DELETE FROM usuario WHERE email = '{LEO}'")).await;
    person(base, "Leitor", LEO).await;
    stage.sudo(&format!("UPDATE usuario SET ativo = false WHERE email = '{LEO}'")).await;
    stage.back(&kept).await;
    let leo = format!("SELECT count(*) FROM {}.usuario WHERE email = '{LEO}' AND NOT ativo", base.alfa.names().schema());
    assert_eq!(base.number(&leo).await, 1);
    assert!(!stage.enters(LEO, SENHA).await);
}

#[tokio::test]
async fn where_nothing_is_known_of_now_no_token_counts() {
    let stage = Stage::new().await;
    let base = &stage.base;
    person(base, "Administrador", ANA).await;
    let token = stage.token().await;
    let kept = stage.archive().await;

    let copy = RestoreInto::New { slug: "copia".parse().unwrap(), codigo: "9.01".parse().unwrap(), placement: None };
    let copy = stage.restore(&kept, copy).await;
    assert_eq!(copy.forgotten, [WaysIn.name()]);
    assert_eq!(open_ways(base, copy.id).await, "0 0 0 0");
    assert!(stage.opens(&token).await, "the original is another unidade");

    let newest = Migrations::tenant().newest();
    for damage in [
        "DROP TABLE credencial".to_owned(),
        format!("DELETE FROM _migration WHERE version = {newest}"),
        format!("DROP SCHEMA {} CASCADE", base.alfa.names().schema()),
    ] {
        stage.sudo(&damage).await;
        let restored = stage.back(&kept).await;
        assert_eq!(restored.forgotten, [WaysIn.name()], "{damage}");
        assert_eq!(open_ways(base, base.alfa.id).await, "0 0 0 0", "{damage}");
        assert!(!stage.opens(&token).await, "{damage}");
        assert!(stage.enters(ANA, SENHA).await, "{damage}: people are those of the archive");
    }
}

#[tokio::test]
async fn the_trail_tells_of_the_restore() {
    let stage = Stage::new().await;
    let base = &stage.base;
    let kept = stage.archive().await;
    stage.back(&kept).await;
    let trail = format!(
        "SELECT string_agg(actor_kind || ' ' || (after ->> 'backup') || ' ' || (after ->> 'backup_at'), ';')
         FROM {}.auditoria WHERE action = 'unidade.restaurada'",
        base.alfa.names().schema()
    );
    assert_eq!(text(base, &trail).await, format!("sistema {} 2026-11-23T13:00:00Z", kept.id));
}

/// A telephone that was lost since the backup opens nothing again, one that was set up since goes on to, and no browser is known.
#[tokio::test]
async fn second_factors_are_those_of_now() {
    let stage = Stage::new().await;
    let base = &stage.base;
    person(base, "Administrador", ANA).await;
    let phone = |n: u8| {
        format!(
            "INSERT INTO fator (id, usuario_id, method, secret, created_at, confirmed_at)
             SELECT '01900000-0000-7000-8000-0000000000{n:02}', id, 'totp', '\\x{n:02}', now(), now() FROM usuario WHERE email = '{ANA}';
             INSERT INTO codigo_reserva (usuario_id, hash, created_at) SELECT id, '\\x{n:02}', now() FROM usuario WHERE email = '{ANA}';
             INSERT INTO chave (id, usuario_id, nome, credencial_id, content, created_at)
             SELECT '01900000-0000-7000-8000-0000000000{n:02}', id, 'Celular', '\\x{n:02}', '{{}}', now() FROM usuario WHERE email = '{ANA}'"
        )
    };
    stage.sudo(&phone(1)).await;
    let kept = stage.archive().await;
    stage.sudo(&format!("DELETE FROM fator; DELETE FROM codigo_reserva; DELETE FROM chave; {}", phone(2))).await;
    stage.back(&kept).await;
    for (table, column) in [("fator", "secret"), ("codigo_reserva", "hash"), ("chave", "credencial_id")] {
        let now = crate::house::count(base, &format!("{table} WHERE {column} = '\\x02'")).await;
        assert_eq!((now, crate::house::count(base, table).await), (1, 1), "{table}");
    }
    assert_eq!(crate::house::count(base, "aparelho").await, 0);
}

/// A telephone that was taken away since the backup opens nothing again, and one that was given since goes on to.
#[tokio::test]
async fn telephones_are_those_of_now() {
    let stage = Stage::new().await;
    let base = &stage.base;
    person(base, "Cliente", ANA).await;
    person(base, "Cliente", LEO).await;
    let number = |email: &str, telefone: &str| format!("UPDATE usuario SET telefone = {telefone} WHERE email = '{email}'");
    stage.sudo(&number(ANA, "'+5547900000001'")).await;
    stage.sudo(&number(LEO, "'+5547900000002'")).await;
    let open = "INSERT INTO entrada_telefone (id, token_hash, telefone, created_at, expires_at)
                VALUES (gen_random_uuid(), '\\x01', '+5547900000001', now(), now() + interval '1 day')";
    stage.sudo(open).await;
    let kept = stage.archive().await;
    // Leo's is Ana's now, and hers is nobody's.
    stage.sudo(&number(LEO, "NULL")).await;
    stage.sudo(&number(ANA, "'+5547900000002'")).await;
    stage.back(&kept).await;
    let count = async |of: &str| crate::house::count(base, of).await;
    assert_eq!(count(&format!("usuario WHERE email = '{ANA}' AND telefone = '+5547900000002'")).await, 1);
    assert_eq!(count("usuario WHERE telefone IS NOT NULL").await, 1);
    assert_eq!(count("entrada_telefone").await, 0);
}
