use std::{borrow::Cow, path::PathBuf};

use empresas::empresa::{Cadastro, Campo, EmpresaId, Input, Known, check, registrar::registrar};
use kernel::{Actor, ActorKind, Cnpj, Grants, Permission, RequestMeta, Scope};
use sheets::{child::Parser, read::Limits};
use tenancy::TenantTx;
use testkit::Base;
use uuid::Uuid;

/// What a form would say, with a valid CNPJ and a name where none is given.
pub(crate) fn cadastro(known: &Known, n: u32, fields: &[(Campo, &str)]) -> Cadastro {
    let cnpj = Cnpj::from_base(&format!("{:08}0001", 10_000_000 + n)).unwrap().to_string();
    let said = |campo: Campo| -> Input<'static> {
        let given = fields.iter().find(|(c, _)| *c == campo).map(|(_, text)| (*text).to_owned());
        let default = match campo {
            Campo::Cnpj => Some(cnpj.clone()),
            Campo::Nome => Some(format!("Empresa {n}")),
            Campo::Situacao => Some("ativo".to_owned()),
            _ => None,
        };
        given.or(default).map_or(Input::Empty, |text| if text.is_empty() { Input::Empty } else { Input::Text(Cow::Owned(text)) })
    };
    check(said, known).unwrap()
}

/// Registers one in alfa as the product itself.
pub(crate) async fn registered(base: &Base, n: u32, fields: &[(Campo, &str)]) -> EmpresaId {
    base.alfa(async |tx: &mut TenantTx| {
        let known = Known::load(tx).await.unwrap();
        registrar(tx, &testkit::sistema(), cadastro(&known, n, fields)).await.unwrap()
    })
    .await
}

pub(crate) async fn known(base: &Base) -> Known {
    base.alfa(async |tx: &mut TenantTx| Known::load(tx).await.unwrap()).await
}

/// A usuario of alfa who holds these permissions.
pub(crate) async fn pessoa(base: &Base, nome: &str, scope: Scope, permissions: &[Permission]) -> Actor {
    let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0900 + nome.len() as u128);
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "INSERT INTO {schema}.usuario (id, nome, email, perfil_id, created_at, updated_at)
         SELECT '{id}', '{nome}', '{}@senai.example', id, now(), now() FROM {schema}.perfil WHERE key = 'atendente'",
        nome.to_lowercase().replace(' ', ".")
    ))
    .await;
    let grants: Grants = permissions.iter().map(|permission| (permission.code().to_owned(), scope)).collect();
    Actor { kind: ActorKind::Usuario, id: Some(id), nome: nome.to_owned(), grants, meta: RequestMeta::default() }
}

/// The program that stands in for `sri parse-sheet`; `cargo` puts it beside the tests' directory.
pub(crate) fn parser() -> Parser {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().and_then(|deps| deps.parent()).unwrap().join("sheets-child");
    assert!(program.exists(), "{program:?} is missing: build the workspace, not this package alone");
    Parser { program, arguments: vec!["parse-sheet".into()], limits: Limits::default() }
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/planilhas").join(name)
}
