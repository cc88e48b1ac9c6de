use chrono::TimeDelta;
use kernel::{PageRequest, Scope};
use relacionamento::visita::{
    Plano, Relato, Situacao,
    desfecho::{cancelar, realizar},
    lista::{self, Filtro, Ordem},
};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::{ALL, empresa, horario, now, pessoa, planned, plano};

/// S0-4.12 to S0-4.15: by empresa, técnico, period with both ends, situação and words; exact counts; each order.
#[tokio::test]
async fn a_list_is_narrowed_and_sorted() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Todas, &ALL).await, pessoa(&base, "Rui", Scope::Todas, &ALL).await];
    let [one, two] = [empresa(&base, 1, None).await, empresa(&base, 2, None).await];
    let said = |text: &str, plano: Plano| Plano { objetivo: text.parse().unwrap(), ..plano };
    let a = planned(&base, one, &said("Manutenção 100%", plano(&ana, horario(-48)))).await;
    let b = planned(&base, one, &said("Treinamento", plano(&rui, horario(24)))).await;
    let c = planned(&base, two, &said("Consultoria", plano(&ana, horario(48)))).await;
    let motivo = "Pediram".parse().unwrap();
    base.alfa(async |tx: &mut TenantTx| cancelar(tx, &sistema(), c, 1, &motivo).await).await.unwrap();

    let list = async |filtro: Filtro, ordem: Ordem| {
        let pagina =
            base.alfa(async |tx: &mut TenantTx| lista::list(tx, &sistema(), &filtro, ordem, PageRequest::default()).await).await;
        let pagina = pagina.unwrap();
        assert_eq!(pagina.total, i64::try_from(pagina.linhas.len()).unwrap());
        pagina.linhas.into_iter().map(|linha| linha.id).collect::<Vec<_>>()
    };
    let open = Filtro::default;
    assert_eq!(list(open(), Ordem::Latest).await, [c, b, a]);
    assert_eq!(list(open(), Ordem::Earliest).await, [a, b, c]);
    assert_eq!(list(open(), Ordem::Empresa).await, [b, a, c]);
    assert_eq!(list(open(), Ordem::EmpresaDown).await, [c, b, a]);
    assert_eq!(list(open(), Ordem::Responsavel).await, [c, a, b]);
    assert_eq!(list(open(), Ordem::ResponsavelDown).await, [b, c, a]);
    assert_eq!(list(open(), Ordem::Situacao).await, [c, b, a]);
    assert_eq!(list(open(), Ordem::SituacaoDown).await, [b, a, c]);
    assert_eq!(list(Filtro { empresa: Some(one), ..open() }, Ordem::Latest).await, [b, a]);
    assert_eq!(list(Filtro { responsaveis: vec![rui.id.unwrap()], ..open() }, Ordem::Latest).await, [b]);
    assert_eq!(list(Filtro { situacoes: vec![Situacao::Cancelada], ..open() }, Ordem::Latest).await, [c]);
    let begins = horario(24).inicio_at;
    assert_eq!(
        list(Filtro { from: Some(begins), until: Some(begins + TimeDelta::seconds(1)), ..open() }, Ordem::Latest).await,
        [b]
    );
    assert!(list(Filtro { until: Some(now() - TimeDelta::days(9)), ..open() }, Ordem::Latest).await.is_empty());
    for (busca, found) in
        [("MANUTENCAO", vec![a]), ("100%", vec![a]), ("empresa 2", vec![c]), ("rui treina", vec![b]), ("_", vec![])]
    {
        assert_eq!(list(Filtro { busca: busca.to_owned(), ..open() }, Ordem::Latest).await, found, "{busca}");
    }
}

/// Every page says how many there are, the last and one behind it too; a word that hundreds of empresas have is found like a rare one.
#[tokio::test]
async fn each_page_knows_the_whole_and_a_word_of_many_empresas_is_found() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let [one, two] = [empresa(&base, 1, None).await, empresa(&base, 2, None).await];
    for n in 0..30 {
        planned(&base, one, &plano(&rui, horario(n))).await;
    }
    let there = planned(&base, two, &plano(&rui, horario(99))).await;
    let page = async |busca: &str, number: u32| {
        let filtro = Filtro { busca: busca.to_owned(), ..Filtro::default() };
        let asked = PageRequest { number, ..PageRequest::default() };
        let found = base.alfa(async |tx: &mut TenantTx| lista::list(tx, &sistema(), &filtro, Ordem::Latest, asked).await).await;
        let found = found.unwrap();
        (found.linhas.into_iter().map(|linha| linha.id).collect::<Vec<_>>(), found.total)
    };
    let sizes = async |busca: &str| {
        let mut sizes = Vec::new();
        for number in 1..4 {
            let (ids, total) = page(busca, number).await;
            sizes.push((ids.len(), total));
        }
        sizes
    };
    assert_eq!(sizes("").await, [(25, 31), (6, 31), (0, 31)]);
    assert_eq!((sizes("empresa").await, page("empresa 2", 1).await), (vec![(25, 31), (6, 31), (0, 31)], (vec![there], 1)));
    let many = format!(
        "INSERT INTO {}.empresa (id, nome, cnpj, situacao, data_cadastro, created_at, updated_at)
         SELECT gen_random_uuid(), 'Empresa de fora ' || n, lpad(n::text, 12, 'X') || '00', 'ativo', now(), now(), now()
         FROM generate_series(1, 600) AS n",
        base.alfa.names().schema()
    );
    base.execute(&many).await;
    assert_eq!((sizes("empresa").await, page("empresa 2", 1).await), (vec![(25, 31), (6, 31), (0, 31)], (vec![there], 1)));
    assert_eq!(page("empresa fora", 1).await, (vec![], 0));
}

/// Parts of a JSON list hold every visita once, also where two begin at the same instant.
#[tokio::test]
async fn parts_of_a_list_hold_each_visita_once() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    let mut all = Vec::new();
    for n in 0..7_i64 {
        all.push(planned(&base, empresa, &plano(&rui, horario(n / 3))).await);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (part, total) = base
            .alfa(async |tx: &mut TenantTx| lista::list_after(tx, &sistema(), &Filtro::default(), after.as_ref(), 2).await)
            .await
            .unwrap();
        assert_eq!(total, 7);
        let Some(last) = part.last() else { break };
        after = Some((last.horario.inicio_at, last.id.uuid()));
        seen.extend(part.into_iter().map(|visita| visita.id));
    }
    all.reverse();
    assert_eq!(seen, all, "the latest first");
}

/// Nobody was there for half a year, or ever, and nobody is going to be; the strategic ones first.
#[tokio::test]
async fn empresas_where_nobody_was_are_those_to_visit_next() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let ana = pessoa(&base, "Ana", Scope::Proprias, &ALL).await;
    let [never, long_ago, lately, planned_soon, strategic] = [
        empresa(&base, 1, None).await,
        empresa(&base, 2, ana.id).await,
        empresa(&base, 3, None).await,
        empresa(&base, 4, None).await,
        empresa(&base, 5, None).await,
    ];
    let done = async |empresa, days: i64| {
        let id = planned(&base, empresa, &plano(&rui, horario(-24 * days))).await;
        let relato = Relato { resumo: "Fomos.".parse().unwrap(), proximos_passos: None };
        base.alfa(async |tx: &mut TenantTx| realizar(tx, &sistema(), id, 1, &relato).await).await.unwrap();
    };
    done(long_ago, 300).await;
    done(lately, 10).await;
    // Planned and not told of is no visita that took place.
    planned(&base, never, &plano(&rui, horario(-24))).await;
    planned(&base, planned_soon, &plano(&rui, horario(24))).await;
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.empresa SET situacao = 'estrategico' WHERE id = '{strategic}'")).await;
    let found = async |actor| {
        let since = now() - TimeDelta::days(180);
        let page = PageRequest::default();
        let (rows, total) = base.alfa(async |tx: &mut TenantTx| lista::desatendidas(tx, actor, since, page).await).await.unwrap();
        assert_eq!(i64::try_from(rows.len()).unwrap(), total);
        rows.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(found(&rui).await, [strategic, never, long_ago]);
    assert_eq!(found(&ana).await, [long_ago], "within próprias, one's own");
    base.execute(&format!("UPDATE {schema}.empresa SET situacao = 'inativo' WHERE id = '{never}'")).await;
    assert_eq!(found(&rui).await, [strategic, long_ago]);
}
