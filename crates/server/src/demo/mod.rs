//! Believable companies and what is done with them, for development, demonstrations and measurements.

pub mod empresa;

use std::sync::Arc;

use anyhow::Context;
use empresas::{empresa::lista, importacao};
use kernel::Actor;
use relacionamento::demonstracao::{Feito, Tamanho, encher};
use tenancy::{Mode, NewUnidade, PlatformTx, ProvisionError, Provisioning, Status, Step, TxLimits, Unidade};

use crate::house::House;

struct Demo {
    slug: &'static str,
    codigo: &'static str,
    nome: &'static str,
    /// IBGE code.
    municipio: i32,
    /// Name and content of a spreadsheet of empresas.
    planilha: (&'static str, &'static [u8]),
}

// In the program, so that it needs nothing else at hand.
const EMPRESAS_2000: (&str, &[u8]) = ("empresas_2000.xlsx", include_bytes!("../../../../fixtures/planilhas/empresas_2000.xlsx"));
const EMPRESAS_180: (&str, &[u8]) = ("empresas_180.csv", include_bytes!("../../../../fixtures/planilhas/empresas_180.csv"));

const DEMOS: [Demo; 2] = [
    Demo { slug: "joinville", codigo: "1.03", nome: "SENAI Joinville", municipio: 4_209_102, planilha: EMPRESAS_2000 },
    Demo { slug: "blumenau", codigo: "1.04", nome: "SENAI Blumenau", municipio: 4_202_404, planilha: EMPRESAS_180 },
];

/// The demo unidades; those that are not there yet are made and filled. One that was closed meanwhile stays closed, and one that
/// was deleted stays away: a slug is never given twice.
///
/// # Errors
/// When a step of a provisioning fails; the next start goes on with it.
pub(crate) async fn provision(house: &House) -> anyhow::Result<Vec<Arc<Unidade>>> {
    let mut unidades = Vec::new();
    for demo in &DEMOS {
        let made = async {
            let unidade = one(house, demo).await?;
            if let Some(unidade) = unidade.as_ref().filter(|unidade| unidade.status.is_served()) {
                fill(house, unidade, demo).await?;
            }
            Ok::<_, anyhow::Error>(unidade)
        };
        unidades.extend(made.await.with_context(|| format!("the demo unidade {}", demo.slug))?);
    }
    Ok(unidades)
}

/// Empresas for an empty register, by the import that people use. One whose empresas were all thrown away has a lixeira, and
/// is left as it is.
async fn fill(house: &House, unidade: &Arc<Unidade>, demo: &Demo) -> anyhow::Result<()> {
    let actor = Actor::sistema();
    let mut tx = house.gates.tenants.begin(unidade, Mode::Write, TxLimits::JOB).await?;
    let thrown_away = lista::count_trashed(&mut tx, &actor).await?;
    if lista::total(&mut tx, &actor).await? > 0 || thrown_away > 0 {
        return Ok(tx.rollback().await?);
    }
    let (name, content) = demo.planilha;
    importacao::unattended(&mut tx, &actor, &importacao::parser()?, name, content, importacao::Mode::Criar).await?;
    Ok(tx.commit().await?)
}

async fn one(house: &House, demo: &Demo) -> anyhow::Result<Option<Arc<Unidade>>> {
    let (platform, registry) = (&house.gates.platform, &house.gates.registry);
    let found = registry.by_slug(demo.slug).await?;
    let id = if let Some(found) = found {
        if found.status != Status::Provisioning {
            return Ok(Some(found));
        }
        found.id
    } else {
        let new = NewUnidade {
            slug: demo.slug.parse()?,
            codigo: demo.codigo.parse()?,
            nome: demo.nome.parse()?,
            placement: None,
            municipio_id: Some(demo.municipio),
            modules: Vec::new(),
            admin_nome: "Administração".parse()?,
            admin_email: "admin@sri.example".parse()?,
        };
        let gate = platform.clone();
        let requested =
            platform.write(async move |tx: &mut PlatformTx| Provisioning::request(tx, &gate, &Actor::sistema(), new).await).await;
        match requested {
            Err(ProvisionError::SlugTaken) => return Ok(None),
            requested => requested?,
        }
    };
    let unidade = registry.by_id(id).await?.context("the unidade just registered is gone")?;
    Provisioning::make_schema(platform, &unidade).await?;
    platform.write(async |tx: &mut PlatformTx| Provisioning::reach(tx, id, Step::Done, None).await).await?;
    registry.forget(id);
    Ok(Some(registry.by_id(id).await?.context("the unidade just provisioned is gone")?))
}

/// People who visit and answer in a demonstration; none of them can enter.
const TECNICOS: [&str; 14] = [
    "Adriana Kreutz",
    "Bruno Siqueira",
    "Caio Zimmermann",
    "Débora Antunes",
    "Eduardo Bittencourt",
    "Fabiana Lopes",
    "Gustavo Hoffmann",
    "Helena Prates",
    "Igor Machado",
    "Jussara Weber",
    "Leandro Cunha",
    "Mônica Fischer",
    "Otávio Guedes",
    "Priscila Ramthun",
];

/// Gives a unidade a past: empresas unless it has some, people who are nobody, and what they did. All of it or nothing.
///
/// # Errors
/// A sentence for whoever asked: what there is already, or more than fits.
pub async fn past(
    house: &House,
    unidade: &Arc<Unidade>,
    actor: &Actor,
    empresas: u64,
    tamanho: &Tamanho,
) -> anyhow::Result<(i64, Feito)> {
    let mut tx = house.gates.tenants.begin(unidade, Mode::Write, TxLimits::JOB).await?;
    if lista::total(&mut tx, actor).await? == 0 {
        let planilha = empresa::planilha(empresas)?;
        importacao::unattended(&mut tx, actor, &importacao::parser()?, "demonstracao.csv", &planilha, importacao::Mode::Criar)
            .await?;
    }
    let tecnicos = acesso::usuario::ficticios(&mut tx, &TECNICOS).await?;
    let feito = encher(&mut tx, actor, unidade.fuso, &tecnicos, tamanho).await?;
    let total = lista::total(&mut tx, actor).await?;
    tx.commit().await?;
    Ok((total, feito))
}
