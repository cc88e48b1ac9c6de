//! A column of etiquetas: known ones are put on, new ones made by whoever may, and an undo takes back what was done.

use empresas::{
    empresa::{Campo, EmpresaId},
    etiqueta,
    importacao::{
        Brings, ConfirmarError, Correcao, Counts, Escolha, IMPORTAR, ImportacaoId, Mapping, Mode, analisar, confirmar, corrigir,
        desfazer, escolher_todas, guess, receber,
    },
};
use kernel::{Actor, Cnpj, Scope};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::{parser, pessoa, registered};

fn mapping() -> Mapping {
    let mapping = guess(&["CNPJ".to_owned(), "Nome".to_owned(), "Etiquetas".to_owned()]);
    assert_eq!(mapping.brings(2), Some(Brings::Etiquetas));
    mapping
}

struct Tagged {
    base: Base,
    there: EmpresaId,
}

impl Tagged {
    /// One empresa with `Antiga`, and `Feira 2026` on the list.
    async fn new() -> Self {
        let base = Base::new().await;
        let there = registered(&base, 1, &[(Campo::Cnpj, "10000001000190"), (Campo::Nome, "Dois")]).await;
        base.alfa(async |tx: &mut TenantTx| {
            etiqueta::set(tx, &sistema(), there, &["Antiga".parse().unwrap(), "Feira 2026".parse().unwrap()]).await.unwrap();
            etiqueta::set(tx, &sistema(), there, &["Antiga".parse().unwrap()]).await.unwrap();
        })
        .await;
        Self { base, there }
    }

    async fn preview(&self, actor: &Actor, mode: Mode, rows: &str) -> (ImportacaoId, Counts) {
        let csv = format!("CNPJ;Nome;Etiquetas\n{rows}");
        self.base
            .alfa(async |tx: &mut TenantTx| {
                let id = receber(tx, actor, &parser(), "a.csv", csv.as_bytes()).await.unwrap();
                let counts = analisar(tx, actor, &parser(), id, 0, mapping(), mode).await.unwrap();
                (id, counts)
            })
            .await
    }

    async fn confirm(&self, actor: &Actor, id: ImportacaoId) -> Result<Counts, ConfirmarError> {
        self.base.tenants.write(&self.base.alfa, async |tx: &mut TenantTx| confirmar(tx, actor, id, None).await).await
    }

    async fn undo(&self, id: ImportacaoId) {
        self.base.alfa(async |tx: &mut TenantTx| desfazer(tx, &sistema(), id).await).await.unwrap();
    }

    /// Those of the empresa of this CNPJ, in one text.
    async fn have(&self, cnpj: &str, etiquetas: &str) -> bool {
        let schema = self.base.alfa.names().schema();
        let sql = format!(
            "SELECT count(*) FROM {schema}.empresa e WHERE e.cnpj = '{cnpj}' AND coalesce((
                 SELECT string_agg(t.nome, '; ' ORDER BY t.busca) FROM {schema}.empresa_etiqueta x
                 JOIN {schema}.etiqueta t ON t.id = x.etiqueta_id WHERE x.empresa_id = e.id), '') = '{etiquetas}'"
        );
        self.base.number(&sql).await == 1
    }

    async fn listed(&self) -> i64 {
        self.base.number(&format!("SELECT count(*) FROM {}.etiqueta", self.base.alfa.names().schema())).await
    }
}

#[tokio::test]
async fn new_empresas_get_their_etiquetas_and_new_ones_join_the_list() {
    let tagged = Tagged::new().await;
    let rows =
        "11222333000181;Um;\" feira 2026 ;Exportadora; FEIRA 2026\"\n19131243000197;Três;\n00000000000191;Quatro;exportadora\n";
    let (id, counts) = tagged.preview(&sistema(), Mode::Ambos, rows).await;
    assert_eq!((counts.novas, counts.etiquetas.clone()), (3, vec!["Exportadora".to_owned()]), "{counts:?}");
    assert_eq!(tagged.listed().await, 2, "a preview makes nothing");
    tagged.confirm(&sistema(), id).await.unwrap();
    assert!(tagged.have("11222333000181", "Exportadora; Feira 2026").await);
    assert!(tagged.have("19131243000197", "").await && tagged.have("00000000000191", "Exportadora").await);
    assert_eq!(tagged.listed().await, 3);
    // Undone, those in the lixeira keep theirs, so that nothing is lost when they come back.
    tagged.undo(id).await;
    assert!(tagged.have("00000000000191", "Exportadora").await);
}

#[tokio::test]
async fn what_is_in_the_register_is_filled_overwritten_and_given_back() {
    for (escolha, after) in
        [(Escolha::Pular, "Antiga"), (Escolha::Preencher, "Antiga"), (Escolha::Sobrescrever, "Feira 2026; Nova")]
    {
        let tagged = Tagged::new().await;
        let rows = "10000001000190;Dois;Feira 2026;\n11222333000181;Um;\n".replace("Feira 2026;", "\"Nova; Feira 2026\"");
        let (id, _) = tagged.preview(&sistema(), Mode::Ambos, &rows).await;
        tagged.base.alfa(async |tx: &mut TenantTx| escolher_todas(tx, &sistema(), id, None, escolha).await).await.unwrap();
        let done = tagged.confirm(&sistema(), id).await.unwrap();
        assert_eq!(done.updated, u64::from(escolha == Escolha::Sobrescrever), "{escolha:?} {done:?}");
        assert!(tagged.have("10000001000190", after).await, "{escolha:?}");
        let schema = tagged.base.alfa.names().schema();
        let trail = format!(
            "SELECT count(*) FROM {schema}.auditoria WHERE action = 'empresa.alterada' AND entity_id = '{}'
             AND before->>'etiquetas' = 'Antiga' AND after->>'etiquetas' = 'Nova; Feira 2026'",
            tagged.there
        );
        assert_eq!(tagged.base.number(&trail).await, i64::from(escolha == Escolha::Sobrescrever));
        tagged.undo(id).await;
        assert!(tagged.have("10000001000190", "Antiga").await, "{escolha:?}");
        // What it made and nobody has leaves the list again.
        assert_eq!(tagged.listed().await, 2, "{escolha:?}");
    }
}

/// One that says what is there already is not touched.
#[tokio::test]
async fn the_same_etiquetas_in_another_order_are_the_same() {
    let tagged = Tagged::new().await;
    let rows = "10000001000190;Dois;\"ANTIGA\"\n";
    let (id, _) = tagged.preview(&sistema(), Mode::Atualizar, rows).await;
    let done = tagged.confirm(&sistema(), id).await.unwrap();
    assert_eq!((done.updated, done.unchanged), (0, 1), "{done:?}");
}

#[tokio::test]
async fn whoever_may_not_make_etiquetas_has_a_problem_in_the_cell() {
    let tagged = Tagged::new().await;
    let ana = pessoa(&tagged.base, "Ana", Scope::Todas, &[IMPORTAR]).await;
    let rows = "11222333000181;Um;\"Feira 2026; Desconhecida\"\n19131243000197;Três;Antiga\n";
    let (id, counts) = tagged.preview(&ana, Mode::Criar, rows).await;
    assert_eq!((counts.recusadas, counts.novas, counts.etiquetas.len()), (1, 1, 0), "{counts:?}");
    let schema = tagged.base.alfa.names().schema();
    let problem = format!(
        "SELECT count(*) FROM {schema}.importacao_linha WHERE problems->0->>'field' = 'etiquetas'
         AND problems->0->>'code' = 'etiqueta-not-listed' AND problems->0->'args'->0->>1 = 'Desconhecida'"
    );
    assert_eq!(tagged.base.number(&problem).await, 1);
    // Set right in its cell, it comes in.
    let correcao = Correcao { number: 2, seen: Some(1), cells: [(2, "feira 2026".to_owned())].into() };
    let now = tagged.base.alfa(async |tx: &mut TenantTx| corrigir(tx, &ana, id, correcao).await).await;
    assert_eq!(now.unwrap(), "nova");
    tagged.confirm(&ana, id).await.unwrap();
    assert!(tagged.have("11222333000181", "Feira 2026").await && tagged.have("19131243000197", "Antiga").await);

    // Judged by somebody who may, confirmed by somebody who may not: nothing is made behind their back.
    let (id, counts) = tagged.preview(&sistema(), Mode::Criar, "00000000000191;Quatro;Secreta\n").await;
    assert_eq!((counts.novas, counts.etiquetas.len()), (1, 1));
    let done = tagged.confirm(&ana, id).await.unwrap();
    assert_eq!((done.created, done.moved), (0, 1), "{done:?}");
    assert_eq!(tagged.listed().await, 2);
}

/// A column of something else taken for etiquetas does not flood the list.
#[tokio::test]
async fn one_file_makes_only_so_many_etiquetas() {
    let tagged = Tagged::new().await;
    let row = |n: usize, first: usize| {
        let cnpj = Cnpj::from_base(&format!("{:08}0001", 20_000_000 + n)).unwrap();
        let etiquetas: Vec<String> = (first..first + 25).map(|m| format!("E{m}")).collect();
        format!("{};Empresa {n};\"{}\"\n", cnpj.as_str(), etiquetas.join("; "))
    };
    // The ninth finds no room; the tenth names what the first makes.
    let rows: String = (0..10).map(|n| row(n, if n < 9 { n * 25 } else { 0 })).collect();
    let (_, counts) = tagged.preview(&sistema(), Mode::Criar, &rows).await;
    assert_eq!((counts.novas, counts.recusadas, counts.etiquetas.len()), (9, 1, 200), "{counts:?}");
    let schema = tagged.base.alfa.names().schema();
    let found = format!("SELECT count(*) FROM {schema}.importacao_linha WHERE problems->0->>'code' = 'etiquetas-too-many-new'");
    assert_eq!(tagged.base.number(&found).await, 1);
}

/// What somebody has called or coloured otherwise since is theirs, and stays when the importação is undone.
#[tokio::test]
async fn an_undo_takes_only_what_is_as_it_was_made() {
    let tagged = Tagged::new().await;
    let (id, _) = tagged.preview(&sistema(), Mode::Ambos, "10000001000190;Dois;\"Antiga; Uma; Duas; Três\"\n").await;
    tagged.confirm(&sistema(), id).await.unwrap();
    assert_eq!(tagged.listed().await, 5);
    let schema = tagged.base.alfa.names().schema();
    tagged
        .base
        .execute(&format!(
            "UPDATE {schema}.etiqueta SET cor = 'azul' WHERE nome = 'Uma'; UPDATE {schema}.etiqueta SET nome = 'Dois' WHERE nome = 'Duas'"
        ))
        .await;
    tagged.undo(id).await;
    let kept = format!("SELECT count(*) FROM {schema}.etiqueta WHERE nome IN ('Uma', 'Dois')");
    assert_eq!((tagged.base.number(&kept).await, tagged.listed().await), (2, 4));
}

#[tokio::test]
async fn cells_of_etiquetas_have_their_limits() {
    let tagged = Tagged::new().await;
    let many: String = (0..31).map(|n| format!("E{n};")).collect();
    let rows = format!(
        "11222333000181;Um;\"{many}\"\n19131243000197;Três;{}\n00000000000191;Quatro;=1+1\n10000001000190;Dois;\" ; ;; \"\n",
        "x".repeat(41)
    );
    let (_, counts) = tagged.preview(&sistema(), Mode::Ambos, &rows).await;
    assert_eq!((counts.recusadas, counts.existentes, counts.etiquetas.len()), (3, 1, 0), "{counts:?}");
    let schema = tagged.base.alfa.names().schema();
    for code in ["etiquetas-too-many", "texto-too-long", "cell-formula"] {
        let found = format!("SELECT count(*) FROM {schema}.importacao_linha WHERE problems->0->>'code' = '{code}'");
        assert_eq!(tagged.base.number(&found).await, 1, "{code}");
    }
}
