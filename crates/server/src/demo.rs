//! Two unidades with believable companies, for development and demonstrations.

use std::sync::Arc;

use anyhow::Context;
use kernel::Actor;
use tenancy::{NewUnidade, PlatformTx, Provisioning, Step, Unidade};

use crate::{house::House, settings::Settings};

struct Demo {
    slug: &'static str,
    codigo: &'static str,
    nome: &'static str,
    /// IBGE code.
    municipio: i32,
}

const DEMOS: [Demo; 2] = [
    Demo { slug: "joinville", codigo: "1.03", nome: "SENAI Joinville", municipio: 4_209_102 },
    Demo { slug: "blumenau", codigo: "1.04", nome: "SENAI Blumenau", municipio: 4_202_404 },
];

/// The demo unidades; those that are not there yet are made and filled.
///
/// # Errors
/// When a step of a provisioning fails; the next start goes on with it.
pub(crate) async fn provision(house: &House, settings: &Settings) -> anyhow::Result<Vec<Arc<Unidade>>> {
    let mut unidades = Vec::new();
    for demo in &DEMOS {
        unidades.push(one(house, settings, demo).await.with_context(|| format!("the demo unidade {}", demo.slug))?);
    }
    Ok(unidades)
}

async fn one(house: &House, _settings: &Settings, demo: &Demo) -> anyhow::Result<Arc<Unidade>> {
    let (platform, registry) = (&house.gates.platform, &house.gates.registry);
    if let Some(found) = registry.by_slug(demo.slug).await?
        && found.status.is_served()
    {
        return Ok(found);
    }
    let id = if let Some(half) = registry.by_slug(demo.slug).await? {
        half.id
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
        platform.write(async move |tx: &mut PlatformTx| Provisioning::request(tx, &gate, &Actor::sistema(), new).await).await?
    };
    let unidade = registry.by_id(id).await?.context("the unidade just registered is gone")?;
    Provisioning::make_schema(platform, &unidade).await?;
    platform.write(async |tx: &mut PlatformTx| Provisioning::reach(tx, id, Step::Done, None).await).await?;
    registry.forget(id);
    registry.by_id(id).await?.context("the unidade just provisioned is gone")
}
