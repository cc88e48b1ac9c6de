use empresas::empresa::{
    Campo, Known, Situacao,
    lista::{self, Coluna, Filtro, Ordem, Ordens, Pagina},
};
use kernel::{PageRequest, PageSize};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::registered;

async fn list(base: &Base, filtro: Filtro, ordem: Ordem, number: u32) -> Pagina {
    let page = PageRequest { number, size: PageSize::P25 };
    base.alfa(async |tx: &mut TenantTx| {
        let known = Known::load(tx).await.unwrap();
        lista::list(tx, &sistema(), &known, &filtro, ordem, page).await.unwrap()
    })
    .await
}

async fn names(base: &Base, busca: &str) -> Vec<String> {
    let filtro = Filtro { busca: busca.to_owned(), ..Filtro::default() };
    list(base, filtro, Ordem::Nome, 1).await.linhas.into_iter().map(|linha| linha.nome).collect()
}

/// S0-3.22 to S0-3.25
#[tokio::test]
async fn one_box_finds_by_name_cnpj_city_and_segment() {
    let base = Base::new().await;
    registered(
        &base,
        1,
        &[
            (Campo::Nome, "Metalúrgica São João"),
            (Campo::Municipio, "Joinville"),
            (Campo::Uf, "SC"),
            (Campo::Cnpj, "12.ABC.345/01DE-35"),
        ],
    )
    .await;
    registered(
        &base,
        2,
        &[
            (Campo::Nome, "Tecelagem Serra"),
            (Campo::NomeFantasia, "Aurora 100%"),
            (Campo::Segmento, "Têxtil e vestuário"),
            (Campo::Cnpj, "19.131.243/0001-97"),
        ],
    )
    .await;
    for (busca, found) in [
        ("metalurgica", "Metalúrgica São João"),
        ("SAO joao", "Metalúrgica São João"),
        ("joão metal", "Metalúrgica São João"),
        ("lurg", "Metalúrgica São João"),
        ("joinville", "Metalúrgica São João"),
        ("12.ABC.345/01DE-35", "Metalúrgica São João"),
        ("12abc345", "Metalúrgica São João"),
        ("aurora", "Tecelagem Serra"),
        ("100%", "Tecelagem Serra"),
        ("vestuario", "Tecelagem Serra"),
        ("19131243000197", "Tecelagem Serra"),
        ("19.131.243", "Tecelagem Serra"),
        // Not as typed, but like it: a slip, and the middle of a CNPJ.
        ("metalugica", "Metalúrgica São João"),
        ("0001-97", "Tecelagem Serra"),
    ] {
        assert_eq!(names(&base, busca).await, [found], "{busca}");
    }
    for nothing in ["xyzw", "12.ABC.345/01DE-36", "' OR 1=1 --", "_____________"] {
        assert!(names(&base, nothing).await.is_empty(), "{nothing}");
    }
    let similar = list(&base, Filtro { busca: "metalugica".into(), ..Filtro::default() }, Ordem::Nome, 1).await;
    assert!(similar.similar && similar.total == 1);
}

#[tokio::test]
async fn filters_orders_and_pages_agree_with_the_count() {
    let base = Base::new().await;
    for n in 0..60 {
        let situacao = Situacao::ALL[n as usize % 4].code();
        let (cidade, uf) = [("Joinville", "SC"), ("Blumenau", "SC"), ("Caxias do Sul", "RS")][n as usize % 3];
        let porte = if n % 2 == 0 { "me" } else { "grande" };
        let nome = format!("Empresa {:03}", (n * 37) % 60);
        registered(
            &base,
            n,
            &[
                (Campo::Nome, &nome),
                (Campo::Situacao, situacao),
                (Campo::Municipio, cidade),
                (Campo::Uf, uf),
                (Campo::Porte, porte),
            ],
        )
        .await;
    }
    let all = list(&base, Filtro::default(), Ordem::Nome, 1).await;
    assert_eq!((all.total, all.linhas.len()), (60, 25));
    let third = list(&base, Filtro::default(), Ordem::Nome, 3).await;
    assert_eq!((third.total, third.linhas.len()), (60, 10), "the last page tells the total itself");
    let beyond = list(&base, Filtro::default(), Ordem::Nome, 9).await;
    assert_eq!((beyond.total, beyond.linhas.len()), (60, 0));

    for ordem in [Ordem::Nome, Ordem::NomeDesc, Ordem::Cidade, Ordem::CidadeDesc, Ordem::Cadastro, Ordem::CadastroDesc] {
        for busca in ["", "empresa"] {
            let filtro = Filtro {
                busca: busca.to_owned(),
                ufs: vec!["SC".parse().unwrap()],
                situacoes: vec![Situacao::Ativo, Situacao::Prospect],
                ..Filtro::default()
            };
            let mut seen = Vec::new();
            for number in 1..=2 {
                let page = list(&base, filtro.clone(), ordem, number).await;
                assert_eq!(page.total, 20);
                seen.extend(page.linhas);
            }
            assert_eq!(seen.len(), 20, "{ordem:?}: a row is on two pages or on none");
            assert!(seen.iter().all(|linha| linha.uf.as_deref() == Some("SC")));
            let sorted = match ordem {
                Ordem::Nome => seen.is_sorted_by(|a, b| a.nome <= b.nome),
                Ordem::NomeDesc => seen.is_sorted_by(|a, b| a.nome >= b.nome),
                Ordem::Cidade => seen.is_sorted_by(|a, b| a.cidade <= b.cidade),
                Ordem::CidadeDesc => seen.is_sorted_by(|a, b| a.cidade >= b.cidade),
                Ordem::Cadastro => seen.is_sorted_by(|a, b| a.id <= b.id),
                Ordem::CadastroDesc => seen.is_sorted_by(|a, b| a.id >= b.id),
                Ordem::Varias(_) => unreachable!("they have a test of their own"),
            };
            assert!(sorted, "{ordem:?} {busca:?}");
        }
    }
    let joinville = Filtro { municipios: vec![4209102], ..Filtro::default() };
    assert_eq!(list(&base, joinville, Ordem::Nome, 1).await.total, 20);
    let nobody = Filtro { sem_responsavel: true, ..Filtro::default() };
    assert_eq!(list(&base, nobody, Ordem::Nome, 1).await.total, 60);
}

/// An atividade stands for all that is a part of it, however its code is written; one that there is not finds nothing.
#[tokio::test]
async fn a_list_is_narrowed_by_activity_at_every_level() {
    let base = Base::new().await;
    for (n, cnae) in ["2511-0/00", "2512-8/00", "2832-1/00", "6201-5/01"].into_iter().enumerate() {
        registered(&base, n.try_into().unwrap(), &[(Campo::Cnae, cnae)]).await;
    }
    registered(&base, 9, &[]).await;
    let total = async |cnaes: &[&str], busca: &str| {
        let cnaes = cnaes.iter().map(|codigo| (*codigo).into()).collect();
        list(&base, Filtro { cnaes, busca: busca.to_owned(), ..Filtro::default() }, Ordem::Nome, 1).await.total
    };
    assert_eq!(total(&[], "").await, 5);
    assert_eq!(total(&["c"], "").await, 3);
    assert_eq!(total(&["25"], "").await, 2);
    assert_eq!(total(&["25.1"], "empresa").await, 2);
    assert_eq!(total(&["2511-0/00", "62"], "").await, 2);
    assert_eq!(total(&["99.99-9"], "").await, 0);
}

/// S0-17.3: following the cursor meets every row once.
#[tokio::test]
async fn a_cursor_walks_the_whole_list() {
    let base = Base::new().await;
    for n in 0..23 {
        registered(&base, n, &[(Campo::Nome, if n % 2 == 0 { "Mesmo Nome" } else { "Água Açaí" })]).await;
    }
    let (mut after, mut ids) = (None, Vec::new());
    loop {
        let part = base
            .alfa(async |tx: &mut TenantTx| lista::list_after(tx, &sistema(), &Filtro::default(), after.as_ref(), 5).await)
            .await
            .unwrap();
        assert_eq!(part.total, 23);
        ids.extend(part.empresas.iter().map(|empresa| empresa.id));
        match part.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 23);
}

/// Columns one after the other, up and down, with and without words; who has nothing in a column comes last both ways.
#[tokio::test]
async fn a_list_is_sorted_by_several_columns() {
    let base = Base::new().await;
    let rows = [("b", "SC", "me"), ("a", "SC", "grande"), ("c", "PR", "mei"), ("d", "SC", "me"), ("e", "", "")];
    for (n, (nome, uf, porte)) in rows.into_iter().enumerate() {
        let nome = format!("Empresa {nome}");
        let mut fields = vec![(Campo::Nome, nome.as_str()), (Campo::Municipio, if uf == "SC" { "Joinville" } else { "" })];
        if !uf.is_empty() {
            fields.extend([(Campo::Uf, uf), (Campo::Porte, porte)]);
        }
        registered(&base, n.try_into().unwrap(), &fields).await;
    }
    for (columns, order) in [
        (vec![(Coluna::Uf, false), (Coluna::Nome, true)], "cdbae"),
        (vec![(Coluna::Uf, true), (Coluna::Nome, false)], "abdce"),
        (vec![(Coluna::Porte, false), (Coluna::Nome, true)], "cdbae"),
        (vec![(Coluna::Porte, true), (Coluna::Nome, false)], "abdce"),
        (vec![(Coluna::Cidade, false), (Coluna::Porte, false), (Coluna::Cadastro, true)], "dbace"),
        (vec![(Coluna::Situacao, false), (Coluna::Nome, true), (Coluna::Uf, false), (Coluna::Porte, false)], "edcba"),
        (vec![(Coluna::Uf, false)], "cbade"),
    ] {
        for busca in ["", "empresa"] {
            let filtro = Filtro { busca: busca.to_owned(), ..Filtro::default() };
            let page = list(&base, filtro, Ordem::Varias(Ordens::new(columns.clone())), 1).await;
            let seen: String = page.linhas.iter().filter_map(|linha| linha.nome.chars().last()).collect();
            assert_eq!(seen, order, "{columns:?} {busca:?}");
        }
    }
}
