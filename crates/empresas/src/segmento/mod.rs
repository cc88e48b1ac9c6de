//! The unidade's own list of industrial segments. A segmento is one whatever the case and the accents of its name; one that
//! an empresa has is not deleted, but may be merged into another (U-7).

mod sql;
mod vocabulary;

use kernel::{Entity, Id, Permission, Texto};

pub use sql::{Ensured, ensure, list};
pub use vocabulary::{Dados, Segmentos};

#[derive(Debug)]
pub enum SegmentoEntity {}
impl Entity for SegmentoEntity {
    const NAME: &'static str = "segmento";
}
pub type SegmentoId = Id<SegmentoEntity>;
pub type SegmentoNome = Texto<80>;

pub const GERIR: Permission = Permission::new("empresas.segmento.gerir");
/// To take segmentos off the list, or into another (S3-9.5).
pub const EXCLUIR: Permission = Permission::new("empresas.segmento.excluir");

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segmento {
    pub id: SegmentoId,
    pub nome: String,
    /// Codes of CNAE that belong to it, each with all its parts.
    pub cnaes: Vec<String>,
}

/// The segmento that an atividade belongs to: of the codes that it begins with, the longest decides.
#[must_use]
pub fn proposed<'a>(segmentos: &'a [Segmento], cnae: &str) -> Option<&'a Segmento> {
    let fit = |segmento: &Segmento| {
        segmento.cnaes.iter().filter(|codigo| cnae.starts_with(codigo.as_str())).map(String::len).max().unwrap_or_default()
    };
    // Of two that fit alike the first by name, so that everybody is proposed the same one.
    segmentos.iter().rev().max_by_key(|segmento| fit(segmento)).filter(|segmento| fit(segmento) > 0)
}

/// A segmento with the empresas that have it.
#[derive(Debug)]
struct Uso {
    id: SegmentoId,
    nome: String,
    cnaes: Vec<String>,
    empresas: i64,
    /// In the lixeira: they keep it from being deleted too.
    excluidas: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_code_that_fits_proposes() {
        let segmento = |n: u128, nome: &str, cnaes: &[&str]| Segmento {
            id: SegmentoId::new(uuid::Uuid::from_u128(n)),
            nome: nome.to_owned(),
            cnaes: cnaes.iter().map(|codigo| (*codigo).to_owned()).collect(),
        };
        let all = [
            segmento(1, "Cerâmica", &["234"]),
            segmento(2, "Louça", &["234"]),
            segmento(3, "Minerais", &["08", "23"]),
            segmento(4, "Nada", &[]),
        ];
        let nome = |cnae: &str| proposed(&all, cnae).map(|segmento| segmento.nome.as_str());
        assert_eq!(nome("2342701"), Some("Cerâmica"));
        assert_eq!(nome("2330301"), Some("Minerais"));
        assert_eq!(nome("6201501"), None);
    }
}
