//! Rows of a preview set right and decided before they are imported.

use std::collections::BTreeMap;

use empresas::{
    empresa::{Campo, VER, lista},
    importacao::{
        AjustarError, ConfirmarError, Correcao, Counts, Escolha, IMPORTAR, ImportacaoId, Mapping, Mode, analisar, confirmar,
        corrigir, desfazer, escolher, escolher_todas, preferir, receber,
    },
};
use kernel::{Actor, Scope};
use tenancy::{Mode as TxMode, TenantTx, TxLimits};
use testkit::{Base, sistema};

use crate::support::{parser, pessoa, registered};

const COLUMNS: [Option<Campo>; 4] = [Some(Campo::Cnpj), Some(Campo::Nome), Some(Campo::Email), Some(Campo::Telefone)];

/// Row 2 is wrong in two cells, 3 is in the register, 4 and 5 are one CNPJ, 6 is good.
const FILE: &str = "cnpj;nome;email;telefone\n\
    11222333000182;Um;um;\n\
    10000001000190;Dois da planilha;dois@planilha.example;(47) 3333-0000\n\
    19131243000197;Três;tres@um.example;\n\
    19.131.243/0001-97;Três outra;tres@dois.example;\n\
    00000000000191;Quatro;;\n";

struct Preview<'b> {
    base: &'b Base,
    id: ImportacaoId,
}

async fn preview(base: &Base, mode: Mode) -> (Preview<'_>, Counts) {
    registered(base, 1, &[(Campo::Cnpj, "10000001000190"), (Campo::Nome, "Dois"), (Campo::Email, "dois@aqui.example")]).await;
    let (id, counts) = base
        .alfa(async |tx: &mut TenantTx| {
            let id = receber(tx, &sistema(), &parser(), "a.csv", FILE.as_bytes()).await.unwrap();
            let counts = analisar(tx, &sistema(), &parser(), id, 0, Mapping::new(COLUMNS.into()), mode).await.unwrap();
            (id, counts)
        })
        .await;
    (Preview { base, id }, counts)
}

impl Preview<'_> {
    async fn correct(&self, number: u32, seen: Option<i32>, cells: &[(usize, &str)]) -> Result<&'static str, AjustarError> {
        let cells: BTreeMap<usize, String> = cells.iter().map(|(column, text)| (*column, (*text).to_owned())).collect();
        self.write(async |tx, actor, id| corrigir(tx, actor, id, Correcao { number, seen, cells }).await).await
    }

    async fn write<T>(
        &self,
        work: impl AsyncFnOnce(&mut TenantTx, &Actor, ImportacaoId) -> Result<T, AjustarError>,
    ) -> Result<T, AjustarError> {
        let id = self.id;
        self.base.tenants.write(&self.base.alfa, async |tx: &mut TenantTx| work(tx, &sistema(), id).await).await
    }

    async fn confirm(&self, seen: Option<i32>) -> Result<Counts, ConfirmarError> {
        let mut tx = self.base.tenants.begin(&self.base.alfa, TxMode::Write, TxLimits::JOB).await.unwrap();
        let done = confirmar(&mut tx, &sistema(), self.id, seen).await;
        if done.is_ok() {
            tx.commit().await.unwrap();
        } else {
            tx.rollback().await.unwrap();
        }
        done
    }

    async fn version(&self) -> i32 {
        let schema = self.base.alfa.names().schema();
        let version =
            self.base.number(&format!("SELECT version::bigint FROM {schema}.importacao WHERE id = '{}'", self.id)).await;
        i32::try_from(version).unwrap()
    }

    async fn situacao(&self, number: u32) -> String {
        let schema = self.base.alfa.names().schema();
        let sql = format!(
            "SELECT array_position(ARRAY['nova', 'existente', 'repetida', 'recusada'], situacao)::bigint
             FROM {schema}.importacao_linha WHERE importacao_id = '{}' AND number = {number}",
            self.id
        );
        let names = ["nova", "existente", "repetida", "recusada"];
        names[usize::try_from(self.base.number(&sql).await).unwrap() - 1].to_owned()
    }

    async fn total(&self) -> i64 {
        self.base.alfa(async |tx: &mut TenantTx| lista::total(tx, &sistema()).await).await.unwrap()
    }

    /// How many empresas say so.
    async fn having(&self, condition: &str) -> i64 {
        let schema = self.base.alfa.names().schema();
        self.base.number(&format!("SELECT count(*) FROM {schema}.empresa WHERE deleted_at IS NULL AND {condition}")).await
    }
}

#[tokio::test]
async fn a_refused_row_is_set_right_cell_by_cell_and_comes_in() {
    let base = Base::new().await;
    let (preview, counts) = preview(&base, Mode::Criar).await;
    assert_eq!((counts.recusadas, counts.repetidas, counts.existentes, counts.novas), (1, 1, 1, 2), "{counts:?}");
    assert_eq!((counts.to_create, counts.to_update), (2, 0));
    let schema = base.alfa.names().schema();

    assert_eq!(preview.correct(2, Some(1), &[(0, "11.222.333/0001-81")]).await.unwrap(), "recusada", "the e-mail is left");
    assert_eq!(preview.correct(2, Some(2), &[(2, "um@aqui.example")]).await.unwrap(), "nova");
    assert_eq!(preview.correct(2, Some(3), &[(2, "um@aqui.example")]).await.unwrap(), "nova", "twice is once");
    let trail = format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'importacao.ajustada'");
    assert_eq!(base.number(&trail).await, 2);

    let done = preview.confirm(Some(preview.version().await)).await.unwrap();
    assert_eq!((done.created, done.corrigidas, done.recusadas, done.rows), (3, 1, 0, 5), "{done:?}");
    assert_eq!(preview.having("cnpj = '11222333000181' AND email = 'um@aqui.example'").await, 1);
}

#[tokio::test]
async fn a_corrected_cnpj_is_held_against_the_other_rows() {
    let base = Base::new().await;
    let (preview, _) = preview(&base, Mode::Criar).await;
    // The first of two says another CNPJ: the second is a repetition no more.
    assert_eq!(preview.correct(4, None, &[(0, "11222333000181")]).await.unwrap(), "nova");
    assert_eq!(preview.situacao(5).await, "nova");
    // And back: it is again.
    assert_eq!(preview.correct(4, None, &[(0, "19131243000197")]).await.unwrap(), "nova");
    assert_eq!(preview.situacao(5).await, "repetida");
    // Into the one of a row above.
    assert_eq!(preview.correct(6, None, &[(0, "19131243000197")]).await.unwrap(), "repetida");
    assert_eq!(preview.correct(6, None, &[(0, "10000001000190")]).await.unwrap(), "repetida", "row 3 has it");
}

#[tokio::test]
async fn of_repeated_rows_the_chosen_one_counts() {
    let base = Base::new().await;
    let (preview, _) = preview(&base, Mode::Criar).await;
    let chosen = preview.write(async |tx, actor, id| preferir(tx, actor, id, 5, None).await).await.unwrap();
    assert_eq!((chosen, preview.situacao(4).await.as_str()), ("nova", "repetida"));
    // Judged anew by the same columns it stays chosen.
    let mapping = Mapping::new(COLUMNS.into());
    base.alfa(async |tx: &mut TenantTx| analisar(tx, &sistema(), &parser(), preview.id, 0, mapping, Mode::Criar).await)
        .await
        .unwrap();
    assert_eq!((preview.situacao(4).await.as_str(), preview.situacao(5).await.as_str()), ("repetida", "nova"));
    preview.confirm(None).await.unwrap();
    assert_eq!(preview.having("nome = 'Três outra'").await, 1);
    assert_eq!(preview.having("nome = 'Três'").await, 0);
}

#[tokio::test]
async fn a_duplicate_is_filled_overwritten_or_left_alone_and_all_of_it_can_be_undone() {
    let base = Base::new().await;
    for (escolha, telefone, email) in [
        (Escolha::Pular, "telefone IS NULL", "email = 'dois@aqui.example'"),
        (Escolha::Preencher, "telefone = '+554733330000'", "email = 'dois@aqui.example'"),
        (Escolha::Sobrescrever, "telefone = '+554733330000'", "email = 'dois@planilha.example'"),
    ] {
        let base = if escolha == Escolha::Pular { &base } else { &Base::new().await };
        let (preview, _) = preview(base, Mode::Criar).await;
        preview.write(async |tx, actor, id| escolher_todas(tx, actor, id, None, escolha).await).await.unwrap();
        let done = preview.confirm(None).await.unwrap();
        assert_eq!(done.updated, u64::from(escolha != Escolha::Pular), "{escolha:?}");
        let one = "cnpj = '10000001000190'";
        assert_eq!(preview.having(&format!("{one} AND {telefone} AND {email}")).await, 1, "{escolha:?}");
        let name = if escolha == Escolha::Sobrescrever { "Dois da planilha" } else { "Dois" };
        assert_eq!(preview.having(&format!("{one} AND nome = '{name}'")).await, 1, "{escolha:?}");

        let undone = base.alfa(async |tx: &mut TenantTx| desfazer(tx, &sistema(), preview.id).await).await.unwrap();
        assert_eq!((undone.reverted, undone.removed, undone.kept), (done.updated, done.created, 0));
        assert_eq!(
            preview.having(&format!("{one} AND nome = 'Dois' AND telefone IS NULL AND email = 'dois@aqui.example'")).await,
            1
        );
        assert_eq!(preview.total().await, 1);
    }
}

#[tokio::test]
async fn one_row_is_an_exception_to_what_is_chosen_for_all() {
    let base = Base::new().await;
    let (preview, _) = preview(&base, Mode::Criar).await;
    let choose = async |number: u32, escolha: Option<Escolha>| {
        preview.write(async |tx, actor, id| escolher(tx, actor, id, number, None, escolha).await).await.unwrap();
    };
    choose(3, Some(Escolha::Preencher)).await;
    choose(6, Some(Escolha::Pular)).await;
    let done = preview.confirm(None).await.unwrap();
    assert_eq!((done.created, done.updated), (1, 1), "{done:?}");
    assert_eq!(preview.having("cnpj = '00000000000191'").await, 0);
}

#[tokio::test]
async fn a_row_with_nothing_to_fill_is_not_touched() {
    let base = Base::new().await;
    let (preview, _) = preview(&base, Mode::Ambos).await;
    preview.correct(3, None, &[(3, "")]).await.unwrap();
    preview.write(async |tx, actor, id| escolher_todas(tx, actor, id, None, Escolha::Preencher).await).await.unwrap();
    let done = preview.confirm(None).await.unwrap();
    assert_eq!((done.updated, done.unchanged), (0, 1), "{done:?}");
    assert_eq!(preview.having("cnpj = '10000001000190' AND version = 1").await, 1);
}

#[tokio::test]
async fn what_is_confirmed_is_what_was_seen() {
    let base = Base::new().await;
    let (preview, _) = preview(&base, Mode::Criar).await;
    let seen = preview.version().await;
    preview.correct(6, None, &[(1, "Outra pessoa")]).await.unwrap();
    assert!(matches!(preview.confirm(Some(seen)).await, Err(ConfirmarError::Changed)));
    assert_eq!(preview.total().await, 1, "nothing is written");
    let all = preview.write(async |tx, actor, id| escolher_todas(tx, actor, id, Some(seen), Escolha::Sobrescrever).await).await;
    assert!(matches!(all, Err(AjustarError::Changed)));
    // Two at one row: the second is told.
    assert!(matches!(preview.correct(6, Some(1), &[(1, "X")]).await, Err(AjustarError::Changed)));
    assert!(matches!(preview.correct(99, None, &[(1, "X")]).await, Err(AjustarError::NotFound)));
    preview.confirm(Some(preview.version().await)).await.unwrap();
    assert!(matches!(preview.correct(6, None, &[(1, "X")]).await, Err(AjustarError::Ended)));
}

/// A row shown as new is never written over an empresa that somebody registered meanwhile.
#[tokio::test]
async fn a_row_that_the_register_overtook_is_left_out() {
    let base = Base::new().await;
    let (preview, _) = preview(&base, Mode::Ambos).await;
    registered(&base, 2, &[(Campo::Cnpj, "00000000000191"), (Campo::Nome, "Antes")]).await;
    let done = preview.confirm(Some(preview.version().await)).await.unwrap();
    assert_eq!((done.moved, done.created, done.updated), (1, 1, 1), "{done:?}");
    assert_eq!(preview.having("nome = 'Antes' AND version = 1").await, 1);
    assert_eq!(preview.situacao(6).await, "existente");
}

#[tokio::test]
async fn corrections_take_the_permission_to_import() {
    let base = Base::new().await;
    let (preview, _) = preview(&base, Mode::Criar).await;
    let ana = pessoa(&base, "Ana", Scope::Proprias, &[VER, IMPORTAR]).await;
    let cells = BTreeMap::from([(1, "X".to_owned())]);
    let refused = preview
        .write(async |tx, _, id| corrigir(tx, &ana, id, Correcao { number: 6, seen: None, cells: cells.clone() }).await)
        .await;
    assert!(matches!(refused, Err(AjustarError::Denied(_))));
    let id = preview.id;
    let elsewhere = base.tenants.write(&base.beta, async |tx: &mut TenantTx| {
        corrigir(tx, &sistema(), id, Correcao { number: 6, seen: None, cells }).await
    });
    assert!(matches!(elsewhere.await, Err(AjustarError::NotFound)), "of another unidade");
}

#[tokio::test]
async fn a_long_text_is_refused_by_its_rule_and_formulas_stay_text() {
    let base = Base::new().await;
    let (preview, _) = preview(&base, Mode::Criar).await;
    assert_eq!(preview.correct(6, None, &[(1, &"á".repeat(5_000))]).await.unwrap(), "recusada");
    assert_eq!(preview.correct(6, None, &[(1, "=1+1")]).await.unwrap(), "recusada");
    assert_eq!(preview.correct(6, None, &[(1, "Quatro\0!"), (77, "x")]).await.unwrap(), "nova");
}
