use chrono::{DateTime, TimeDelta, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Actor, ActorKind, Grants, Permission, RequestMeta, Scope};
use relacionamento::visita::{ALTERAR, EXCLUIR, EXPORTAR, Horario, Plano, REGISTRAR, VER, VisitaId, planejar::planejar};
use tenancy::TenantTx;
use testkit::{Base, sistema};
use uuid::Uuid;

pub(crate) const ALL: [Permission; 6] = [VER, REGISTRAR, ALTERAR, EXCLUIR, EXPORTAR, empresas::empresa::VER];

pub(crate) fn now() -> DateTime<Utc> {
    testkit::NOW.parse().unwrap()
}

/// From that many hours from now on, for two hours.
pub(crate) fn horario(hours: i64) -> Horario {
    let inicio_at = now() + TimeDelta::hours(hours);
    Horario::new(inicio_at, inicio_at + TimeDelta::hours(2)).unwrap()
}

/// A usuario of alfa who holds these permissions and was here before, so that e-mail reaches them.
pub(crate) async fn pessoa(base: &Base, nome: &str, scope: Scope, permissions: &[Permission]) -> Actor {
    let id = base.tenants.clock().uuid();
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "INSERT INTO {schema}.usuario (id, nome, email, perfil_id, last_seen_at, created_at, updated_at)
         SELECT '{id}', '{nome}', '{}@senai.example', id, now(), now(), now() FROM {schema}.perfil WHERE key = 'atendente'",
        nome.to_lowercase().replace(' ', ".")
    ))
    .await;
    let grants: Grants = permissions.iter().map(|permission| (permission.code().to_owned(), scope)).collect();
    Actor { kind: ActorKind::Usuario, id: Some(id), nome: nome.to_owned(), grants, meta: RequestMeta::default() }
}

/// An empresa of alfa, with its responsável.
pub(crate) async fn empresa(base: &Base, n: u32, responsavel: Option<Uuid>) -> EmpresaId {
    let schema = base.alfa.names().schema();
    let id = EmpresaId::new(base.tenants.clock().uuid());
    let cnpj: String = kernel::Cnpj::from_base(&format!("{:08}0001", 10_000_000 + n)).unwrap().into();
    let responsavel = responsavel.map_or("NULL".to_owned(), |id| format!("'{id}'"));
    base.execute(&format!(
        "INSERT INTO {schema}.empresa (id, nome, cnpj, situacao, cidade, uf, data_cadastro, responsavel_id, created_at, updated_at)
         VALUES ('{id}', 'Empresa {n}', '{cnpj}', 'ativo', 'joinville', 'SC', '2026-11-22', {responsavel}, now(), now())"
    ))
    .await;
    id
}

/// Somebody at an empresa.
pub(crate) async fn contato(base: &Base, empresa: EmpresaId, nome: &str) -> Uuid {
    let (schema, id) = (base.alfa.names().schema(), base.tenants.clock().uuid());
    base.execute(&format!(
        "INSERT INTO {schema}.contato (id, empresa_id, nome, created_at, updated_at) VALUES ('{id}', '{empresa}', '{nome}', now(), now())"
    ))
    .await;
    id
}

pub(crate) fn plano(responsavel: &Actor, horario: Horario) -> Plano {
    Plano {
        responsavel: responsavel.id.unwrap(),
        horario,
        objetivo: "Conhecer a fábrica".parse().unwrap(),
        local: None,
        colegas: Vec::new(),
        contatos: Vec::new(),
    }
}

/// Plans one in alfa as the product itself.
pub(crate) async fn planned(base: &Base, empresa: EmpresaId, plano: &Plano) -> VisitaId {
    base.alfa(async |tx: &mut TenantTx| planejar(tx, &sistema(), empresa, plano).await.unwrap()).await
}

/// How often somebody was told so.
pub(crate) async fn told(base: &Base, to: &Actor, key: &str) -> i64 {
    let (schema, id) = (base.alfa.names().schema(), to.id.unwrap());
    base.number(&format!("SELECT count(*) FROM {schema}.notificacao WHERE usuario_id = '{id}' AND key = 'visita-notice-{key}'"))
        .await
}

/// How often the trail says so.
pub(crate) async fn trail(base: &Base, action: &str) -> i64 {
    let schema = base.alfa.names().schema();
    base.number(&format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'visita.{action}'")).await
}
