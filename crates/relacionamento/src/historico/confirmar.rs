use std::collections::BTreeSet;

use kernel::{Actor, Lang, Refusal, Rule, Told};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

use super::{
    Contas, ENTITY, Especie, Fora, Importacao, ImportacaoId, Julgada, State, campos, demandas, judge::Pronta, judged, person,
    seen, sql, visitas,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmarRule {
    /// It would do something else than what was seen.
    #[error("what was seen is not what would be done")]
    Changed,
    #[error("no line can come in")]
    Nothing,
}

impl Rule for ConfirmarRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed => Told::conflict("historico-changed"),
            Self::Nothing => Told::conflict("historico-nothing"),
        }
    }
}

pub type ConfirmarError = Refusal<ConfirmarRule>;

/// Writes every line that can come in: all of them or none, and nobody is told. `before` is the print of what was seen. Asked again, it
/// answers what it did.
pub async fn confirmar(
    tx: &mut TenantTx,
    actor: &Actor,
    lang: Lang,
    id: ImportacaoId,
    before: &str,
) -> Result<Contas, ConfirmarError> {
    person(actor)?;
    let importacao = sql::lock(tx, id).await?.ok_or(ConfirmarError::NotFound)?;
    match importacao.state {
        State::Previa => {}
        State::Concluida | State::Desfeita => return Ok(importacao.contas),
        State::Descartada => return Err(ConfirmarError::NotFound),
    }
    let lines = judged(tx, actor, &importacao).await?;
    if seen(&lines) != before {
        return Err(ConfirmarRule::Changed.into());
    }
    let (mut feitas, mut registradas, mut empresas) = (Vec::new(), Vec::new(), BTreeSet::<Uuid>::new());
    for pronta in lines.iter().filter_map(|line| line.pronta.as_ref()) {
        match pronta {
            Pronta::Visita(feita) => {
                empresas.insert(feita.empresa.uuid());
                feitas.push(&**feita);
            }
            Pronta::Demanda(one) => {
                empresas.insert(one.empresa.uuid());
                registradas.push(&**one);
            }
        }
    }
    let imported = feitas.len() + registradas.len();
    if imported == 0 {
        return Err(ConfirmarRule::Nothing.into());
    }
    // What comes in is of the empresa that one is merged into.
    let empresas: Vec<Uuid> = empresas.into_iter().collect();
    if sql::hold(tx, &empresas).await? < empresas.len() {
        return Err(ConfirmarRule::Changed.into());
    }
    match importacao.especie {
        Especie::Visita => visitas::write(tx, actor, id, &feitas).await?,
        Especie::Demanda => demandas::write(tx, actor, id, &registradas).await?,
    }
    let repeated = lines.iter().filter(|line| line.repetida).count();
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let contas = Contas {
        imported: count(imported),
        repeated: count(repeated),
        refused: count(lines.len() - imported - repeated),
        undone: 0,
    };
    sql::finish(tx, id, State::Concluida, contas, &left_out(&importacao, &lines, lang)).await?;
    let after = json!({
        "arquivo": importacao.file_name,
        "especie": importacao.especie,
        "importados": contas.imported,
        "repetidos": contas.repeated,
        "recusados": contas.refused,
    });
    let entry =
        Entry { action: "historico.importado", entity: ENTITY, entity_id: Some(id.uuid()), change: Change::created(&after) };
    tx.audit(actor, entry).await?;
    Ok(contas)
}

/// Lines that do not come in, with why in a language.
pub(super) fn left_out(importacao: &Importacao, lines: &[Julgada], lang: Lang) -> Vec<Fora> {
    let out = importacao.lines.iter().zip(lines).filter(|(_, judged)| judged.pronta.is_none());
    let fora = |(line, judged): (&sheets::import::Line, &Julgada)| Fora {
        line: line.clone(),
        motivo: motivo(importacao.especie, judged, lang),
    };
    out.map(fora).collect()
}

fn motivo(especie: Especie, line: &Julgada, lang: Lang) -> String {
    let told = |(campo, why): &(&'static str, kernel::Invalid)| {
        format!("{}: {}", idioma::t(lang, campos::label(especie, campo)), idioma::invalid(lang, why))
    };
    line.problems.iter().map(told).collect::<Vec<_>>().join(" ")
}

/// Gives one up that waits.
pub async fn descartar(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId) -> Result<Especie, Refusal> {
    person(actor)?;
    let importacao = sql::lock(tx, id).await?.ok_or(Refusal::NotFound)?;
    if importacao.state == State::Previa {
        sql::finish(tx, id, State::Descartada, Contas::default(), &[]).await?;
    }
    Ok(importacao.especie)
}
