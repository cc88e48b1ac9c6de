//! Many people at once, by the door and by hand.

use acesso::{
    convite, perfil,
    servico::CriarServico,
    usuario::{
        self,
        importar::{self, ConfirmarError, ConfirmarRule, Importacao, ImportacaoId, State},
    },
};
use kernel::{Actor, ActorKind};
use sheets::import::Line;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, SENHA, actor, audited, count, home, id_of, links, mailed_secret, person};

/// A file of these lines, as it is kept once it was read.
async fn kept(base: &Base, own: &Actor, lines: &[[&str; 4]]) -> ImportacaoId {
    let linhas: Vec<Line> =
        (2..).zip(lines).map(|(number, cells)| Line { number, cells: cells.map(str::to_owned).into() }).collect();
    let id = base.tenants.clock().uuid();
    let json = serde_json::to_string(&linhas).unwrap().replace('\'', "''");
    base.execute(&format!(
        "INSERT INTO {}.usuario_importacao (id, file_name, hash, headers, lines, mapping, state, created_at, created_by)
         VALUES ('{id}', 'equipe.csv', '\\x01', '{{Nome,E-mail,Perfil,Setor}}', '{json}', '{{nome,email,perfil,setor}}', 'previa', now(), '{}')",
        base.alfa.names().schema(),
        id_of(own)
    ))
    .await;
    ImportacaoId::new(id)
}

async fn print(base: &Base, by: &Actor, id: ImportacaoId) -> String {
    base.alfa(async |tx: &mut TenantTx| {
        let file = importar::find(tx, id, id_of(by)).await?.unwrap();
        Ok::<_, kernel::Fault>(importar::seen(&importar::judged(tx, by, &file).await?))
    })
    .await
    .unwrap()
}

async fn confirm(base: &Base, by: &Actor, id: ImportacaoId, seen: &str, yes: bool) -> Result<(i32, i32), ConfirmarError> {
    let links = links();
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            importar::confirmar(tx, by, &links, id, seen, yes).await.map(|done| (done.invited, done.refused))
        })
        .await
}

fn rule(outcome: Result<(i32, i32), ConfirmarError>) -> ConfirmarRule {
    match outcome {
        Err(ConfirmarError::Rule(rule)) => rule,
        other => panic!("{other:?}"),
    }
}

/// What was seen is done, all of it and once; what could not be done is left out.
#[tokio::test]
async fn a_spreadsheet_becomes_convites_once() {
    let base = Base::new().await;
    let ana = actor(&base, &person(&base, "Administrador", ANA).await).await;
    let id = kept(
        &base,
        &ana,
        &[
            ["Bia Souza", "bia@senai.example", "leitor", "Automação"],
            ["Caio", "caio@senai.example", "Atendente", ""],
            ["Ana de novo", ANA, "leitor", ""],
            ["Sem perfil", "x@senai.example", "", ""],
        ],
    )
    .await;
    let seen = print(&base, &ana, id).await;
    assert_eq!(rule(confirm(&base, &ana, id, "something else", false).await), ConfirmarRule::Changed);
    // Somebody else takes one of the addresses meanwhile: what was seen is not what would be done.
    person(&base, "Leitor", "caio@senai.example").await;
    assert_eq!(rule(confirm(&base, &ana, id, &seen, false).await), ConfirmarRule::Changed);
    let seen = print(&base, &ana, id).await;
    let both = tokio::join!(confirm(&base, &ana, id, &seen, false), confirm(&base, &ana, id, &seen, false));
    assert_eq!((both.0.unwrap(), both.1.unwrap()), ((1, 3), (1, 3)), "two at once do it once");
    assert_eq!(count(&base, "convite WHERE email = 'bia@senai.example'").await, 1);
    assert_eq!(count(&base, "mensagem WHERE recipient = 'bia@senai.example'").await, 1);
    assert_eq!(audited(&base, "usuario.importado").await, 1);
    assert_eq!(count(&base, "usuario_importacao WHERE state = 'concluida' AND lines = '[]'").await, 1, "the lines are forgotten");

    // Whoever comes by it works where the file said.
    let token = mailed_secret(&base, "bia@senai.example").await;
    let new = (None, acesso::aparelho::Aparelhos::default());
    convite::aceitar(&base.tenants, &base.alfa, &home(), &token, acesso::Senha::typed(SENHA), new).await.unwrap();
    assert_eq!(count(&base, "usuario WHERE email = 'bia@senai.example' AND setor = 'Automação'").await, 1);
}

#[tokio::test]
async fn nobody_gives_by_a_file_what_the_form_would_refuse() {
    let base = Base::new().await;
    let ana = actor(&base, &person(&base, "Administrador", ANA).await).await;
    let many = [["Bia", "bia@senai.example", "Adm", ""], ["Caio", "caio@senai.example", "Administrador", ""]];
    let id = kept(&base, &ana, &many).await;
    let seen = print(&base, &ana, id).await;
    assert_eq!(rule(confirm(&base, &ana, id, &seen, false).await), ConfirmarRule::ManyAdministradores);
    assert_eq!(count(&base, "convite").await, 1, "only that of Ana: all or nobody");

    // A Master manages people and does not hold everything.
    let leo = actor(&base, &person(&base, "Master", "leo@senai.example").await).await;
    let own = kept(&base, &leo, &many).await;
    let seen_by_leo = print(&base, &leo, own).await;
    assert_eq!(rule(confirm(&base, &leo, own, &seen_by_leo, true).await), ConfirmarRule::Nobody);
    assert!(matches!(confirm(&base, &leo, id, &seen, true).await, Err(ConfirmarError::NotFound)), "another's file is not there");
    let program = Actor { kind: ActorKind::Token, ..ana.clone() };
    assert!(matches!(confirm(&base, &program, id, &seen, true).await, Err(ConfirmarError::Denied(_))));
    let reader = actor(&base, &person(&base, "Leitor", "eva@senai.example").await).await;
    assert!(matches!(confirm(&base, &reader, id, &seen, true).await, Err(ConfirmarError::Denied(_))));
    assert_eq!(confirm(&base, &ana, id, &seen, true).await.unwrap(), (2, 0));

    // Columns may be told anew until it is over; a perfil that is none counts as none.
    let other = kept(&base, &ana, &[["duda@senai.example", "Duda", "", ""]]).await;
    let swapped = ["email", "nome", "", ""].map(str::to_owned);
    let leitor =
        base.alfa(async |tx: &mut TenantTx| perfil::list(tx).await).await.unwrap().into_iter().find(|p| p.nome == "Leitor");
    let set = async |perfil| {
        base.alfa(async |tx: &mut TenantTx| importar::set_columns(tx, other, id_of(&ana), &swapped, perfil).await).await.unwrap()
    };
    assert!(set(Some(perfil::PerfilId::new(uuid::Uuid::nil()))).await);
    let seen = print(&base, &ana, other).await;
    assert_eq!(rule(confirm(&base, &ana, other, &seen, false).await), ConfirmarRule::Nobody);
    assert!(set(leitor.map(|perfil| perfil.id)).await);
    let seen = print(&base, &ana, other).await;
    assert_eq!(confirm(&base, &ana, other, &seen, false).await.unwrap(), (1, 0));
    assert!(!set(None).await, "it is over");
    let find = base.alfa(async |tx: &mut TenantTx| importar::find(tx, other, id_of(&ana)).await).await.unwrap();
    assert!(matches!(find, Some(Importacao { state: State::Concluida, invited: 1, .. })));
}

/// A program is listed beside people, and can be left out of the list.
#[tokio::test]
async fn the_list_tells_people_from_programs() {
    let base = Base::new().await;
    let ana = actor(&base, &person(&base, "Administrador", ANA).await).await;
    let filtered = async |servico| {
        let filtro = usuario::Filtro { servico, ..usuario::Filtro::default() };
        base.alfa(async |tx: &mut TenantTx| usuario::list(tx, &filtro, kernel::PageRequest::default()).await).await.unwrap().1
    };
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            let perfil = perfil::list(tx).await.unwrap().into_iter().find(|p| p.nome == "Leitor").unwrap().id;
            let cmd = CriarServico { nome: "ERP".parse().unwrap(), descricao: None, perfil, responsaveis: vec![id_of(&ana)] };
            acesso::servico::criar_servico(tx, &ana, cmd).await
        })
        .await
        .unwrap();
    assert_eq!((filtered(None).await, filtered(Some(true)).await, filtered(Some(false)).await), (2, 1, 1));
}
