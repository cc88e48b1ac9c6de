use kernel::{Actor, Cnpj, Fault};
use tenancy::TenantTx;

use super::{
    nome::Nome,
    procurar::LIKE,
    sql::{self, Vizinha},
};
use crate::empresa::{EmpresaId, Reach, VER, lista::ListaError};

/// What somebody has typed of an empresa so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Perfil<'a> {
    pub cnpj: Option<Cnpj>,
    pub nome: &'a str,
    pub nome_fantasia: &'a str,
    pub municipio: Option<i32>,
}

/// An empresa of the register that may be the one that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Semelhante {
    pub id: EmpresaId,
    pub nome: String,
    pub cnpj: String,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    /// The very same CNPJ: it cannot be registered again.
    pub igual: bool,
    /// Root of the CNPJ: a branch, or its head.
    pub raiz: bool,
}

/// As many as a person looks through before they go on.
const SHOWN: usize = 5;
const BRANCHES: i64 = 4;
/// Looked at more closely.
const CANDIDATES: i64 = 40;
/// Where one of the two cities is not known, only nearly the same name says anything.
const LIKE_ANYWHERE: i16 = 85;
/// Fewer letters than this are like anything.
const MIN: usize = 4;

/// Empresas that the actor may see and that what was typed may be. Of an empresa that exists (`own`) neither itself nor those
/// of which somebody said that they are others.
pub async fn semelhantes(
    tx: &mut TenantTx,
    actor: &Actor,
    perfil: Perfil<'_>,
    own: Option<EmpresaId>,
) -> Result<Vec<Semelhante>, ListaError> {
    let reach = Reach::of(actor, &VER)?;
    let mut found: Vec<Semelhante> = Vec::new();
    if let Some(cnpj) = perfil.cnpj {
        let branches = sql::of_root(tx, cnpj.root(), own, reach, BRANCHES).await?;
        found.extend(branches.into_iter().map(|one| Semelhante { igual: one.cnpj == cnpj.as_str(), raiz: true, ..one.into() }));
    }
    for name in [perfil.nome, perfil.nome_fantasia] {
        for one in alike(tx, name, perfil.municipio, own, reach).await? {
            if !found.iter().any(|known| known.id == one.id) {
                found.push(one);
            }
        }
    }
    found.sort_by_key(|one| (!one.igual, !one.raiz));
    found.truncate(SHOWN);
    Ok(found)
}

async fn alike(
    tx: &mut TenantTx,
    typed: &str,
    municipio: Option<i32>,
    own: Option<EmpresaId>,
    reach: Reach,
) -> Result<Vec<Semelhante>, Fault> {
    let typed: String = typed.chars().take(200).collect();
    let nome = Nome::new(&typed);
    if nome.core.chars().count() < MIN {
        return Ok(Vec::new());
    }
    let candidates = sql::like(tx, &nome.core, municipio, own, reach, CANDIDATES).await?;
    let score = |one: &Vizinha| {
        let traded = one.nome_fantasia.as_deref().map_or(0, |fantasia| nome.similarity(&Nome::new(fantasia)));
        nome.similarity(&Nome::new(&one.nome)).max(traded)
    };
    let enough = |one: &Vizinha| if municipio.is_some() && one.municipio_id == municipio { LIKE } else { LIKE_ANYWHERE };
    let mut scored: Vec<(i16, Vizinha)> = candidates.into_iter().map(|one| (score(&one), one)).collect();
    scored.retain(|(score, one)| *score >= enough(one));
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    Ok(scored.into_iter().map(|(_, one)| one.into()).collect())
}

impl From<Vizinha> for Semelhante {
    fn from(one: Vizinha) -> Self {
        Self { id: one.id, nome: one.nome, cnpj: one.cnpj, cidade: one.cidade, uf: one.uf, igual: false, raiz: false }
    }
}
