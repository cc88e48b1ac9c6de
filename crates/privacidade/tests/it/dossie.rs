//! The dossier: everything there is of a person, and that somebody looked.

use kernel::{Actor, Refusal};
use privacidade::titular::{find, reunir};
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{EMAIL, NOME, contato, modules, plant, usuario, who};

#[tokio::test]
async fn a_dossier_holds_what_every_module_keeps() {
    let base = Base::new().await;
    let id = contato(&base).await;
    plant(&base, id).await;
    let modules = modules();
    let dossie = base
        .alfa(async |tx: &mut TenantTx| reunir(tx, &Actor::sistema(), &modules, &who("contato", id), "json").await.unwrap())
        .await;
    let names: Vec<_> = dossie.partes.iter().map(|parte| parte.acervo.name).collect();
    assert_eq!(
        names,
        [
            "convite",
            "mensagem",
            "notificacao",
            "comunicado",
            "trilha",
            "contato",
            "empresa",
            "planilha",
            "documento",
            "visita",
            "demanda",
            "projeto",
            "tarefa",
            "historico_importacao",
            "pedido",
            "consentimento",
            "incidente",
            "encarregado"
        ]
    );
    let contatos = &dossie.partes.iter().find(|parte| parte.acervo.name == "contato").unwrap().registros;
    assert_eq!(contatos.len(), 2, "the same person at another empresa: {contatos:?}");
    assert!(contatos.iter().any(|one| one["telefone"] == "+5547991234567" && one["empresa"] == "Metalúrgica Aurora Ltda"));
    let noted = format!(
        "SELECT count(*) FROM {}.auditoria WHERE action = 'privacidade.dossie_reunido' AND entity_id = '{id}'
                         AND after::text !~* 'quartzo'",
        base.alfa.names().schema()
    );
    assert_eq!(base.number(&noted).await, 1);
}

#[tokio::test]
async fn people_are_found_by_name_address_and_number_by_who_may_look() {
    let base = Base::new().await;
    let id = contato(&base).await;
    let conta = usuario(&base, NOME, "outra@senai.example", "Leitor").await;
    let modules = modules();
    let found = async |text: &str| {
        let found = base.alfa(async |tx: &mut TenantTx| find(tx, &Actor::sistema(), &modules, text, 20).await.unwrap()).await;
        found.into_iter().map(|titular| titular.id).collect::<Vec<_>>()
    };
    assert_eq!(found("zuleica CANÁRIA").await, [conta, id]);
    assert_eq!(found(EMAIL).await, [id]);
    assert_eq!(found("99123-4567").await, [id]);
    assert!(found("%%%").await.is_empty(), "signs of LIKE are letters");
    let nobody = Actor::anonimo(kernel::RequestMeta::default());
    let refused =
        base.alfa(async |tx: &mut TenantTx| reunir(tx, &nobody, &modules, &who("contato", id), "tela").await.unwrap_err()).await;
    assert!(matches!(refused, Refusal::Denied(_)));
}
