//! What lists of empresas are narrowed by, and reading them page by page.

use chrono::{DateTime, Utc};
use kernel::{Actor, Cnpj, Cursor, Denied, ErrorKind, Fault, Kind, PageRequest, Uf, fold};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Empresa, EmpresaId, Known, Porte, Reach, Situacao, VER, sql};
use crate::{
    cnae::Atividades,
    consulta::SituacaoCadastral,
    etiqueta::{Etiqueta, EtiquetaId},
    segmento::{Segmento, SegmentoId},
};

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumo {
    pub id: EmpresaId,
    pub nome: String,
    pub nome_fantasia: Option<String>,
    pub cnpj: String,
    pub segmento: Option<String>,
    pub porte: Option<String>,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub municipio_id: Option<i32>,
    pub situacao: String,
    /// What the Receita Federal last said of the CNPJ.
    pub receita: Option<SituacaoCadastral>,
    /// Name of the usuario, or whoever a spreadsheet named.
    pub responsavel: Option<String>,
    /// By name.
    pub etiquetas: Vec<Etiqueta>,
    pub updated_at: DateTime<Utc>,
}

impl Resumo {
    fn new(achada: sql::lista::Achada, known: &Known) -> Self {
        let responsavel = achada.responsavel_id.and_then(|id| known.usuario_nome(id)).map(str::to_owned);
        let has = |etiqueta: &&Etiqueta| achada.etiquetas.contains(&etiqueta.id.uuid());
        Self {
            id: achada.id,
            nome: achada.nome,
            nome_fantasia: achada.nome_fantasia,
            cnpj: achada.cnpj,
            segmento: achada.segmento_id.and_then(|id| known.segmento_by_id(id)).map(|segmento| segmento.nome.clone()),
            porte: achada.porte,
            cidade: achada.cidade,
            uf: achada.uf,
            municipio_id: achada.municipio_id,
            situacao: achada.situacao,
            receita: achada.situacao_cadastral.and_then(|situacao| situacao.parse().ok()),
            responsavel: responsavel.or(achada.responsavel_nome),
            etiquetas: known.etiquetas.iter().filter(has).cloned().collect(),
            updated_at: achada.updated_at,
        }
    }
}

/// Which empresas. An empty list of values does not narrow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filtro {
    /// What stands in the search box: words of which each must be in a name, the cidade, the segmento or the CNPJ.
    pub busca: String,
    pub situacoes: Vec<Situacao>,
    pub ufs: Vec<Uf>,
    pub segmentos: Vec<SegmentoId>,
    pub portes: Vec<Porte>,
    pub responsaveis: Vec<Uuid>,
    /// Those without a usuario as responsável; beside `responsaveis`, those as well.
    pub sem_responsavel: bool,
    pub municipios: Vec<i32>,
    /// Codes of CNAE, each with all that is a part of it; letters of seções too.
    pub cnaes: Vec<Box<str>>,
    /// With any of them.
    pub etiquetas: Vec<EtiquetaId>,
}

impl Filtro {
    /// Whether nothing narrows the list.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self { busca: self.busca.clone(), ..Self::default() } && self.busca.trim().is_empty()
    }
}

/// What the list can be sorted by; ties by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ordem {
    #[default]
    Nome,
    NomeDesc,
    Cidade,
    CidadeDesc,
    /// As they came into the register.
    Cadastro,
    CadastroDesc,
    /// By several columns, one after the other.
    Varias(Ordens),
}

impl Ordem {
    /// Where the orders of one column stand in the statements; 0 for several, which have statements of their own.
    pub(super) const fn code(self) -> i32 {
        match self {
            Self::Nome | Self::Varias(_) => 0,
            Self::NomeDesc => 1,
            Self::Cidade => 2,
            Self::CidadeDesc => 3,
            Self::Cadastro => 4,
            Self::CadastroDesc => 5,
        }
    }
}

/// A column that the list can be sorted by besides others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coluna {
    Nome = 1,
    Cidade,
    /// As they came into the register.
    Cadastro,
    Uf,
    /// From the smallest to the largest.
    Porte,
    Situacao,
}

/// Up to three columns and the way down for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordens([Option<(Coluna, bool)>; 3]);

impl Ordens {
    /// Of each whether it goes down; what is beyond three is passed over.
    #[must_use]
    pub fn new(columns: impl IntoIterator<Item = (Coluna, bool)>) -> Self {
        let mut columns = columns.into_iter();
        Self([columns.next(), columns.next(), columns.next()])
    }

    /// As the statements take them.
    pub(super) fn keys(self) -> [i32; 3] {
        self.0.map(|column| column.map_or(0, |(column, down)| if down { -(column as i32) } else { column as i32 }))
    }
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pagina {
    pub linhas: Vec<Resumo>,
    /// Exact.
    pub total: i64,
    /// Nothing has these words, so these are the ones that look like them.
    pub similar: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum ListaError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ListaError {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            Self::Fault(_) => None,
        }
    }
}

/// A page of the empresas that the actor may see.
pub async fn list(
    tx: &mut TenantTx,
    actor: &Actor,
    known: &Known,
    filtro: &Filtro,
    ordem: Ordem,
    page: PageRequest,
) -> Result<Pagina, ListaError> {
    let reach = Reach::of(actor, &VER)?;
    let terms = words(&filtro.busca).iter().map(|word| Term::new(word, &known.segmentos)).collect();
    let narrowed = Narrowed { filtro: filtro.clone(), terms, cnaes: prefixes(&known.atividades, &filtro.cnaes), reach };
    let resumos = |achadas: Vec<_>| achadas.into_iter().map(|achada| Resumo::new(achada, known)).collect();
    if narrowed.is_in_list_index() && matches!(ordem, Ordem::Nome | Ordem::NomeDesc) {
        let achadas = sql::lista::page(tx, &narrowed, ordem, page).await?;
        let total = match page.told(achadas.len()) {
            Some(total) => total,
            None => sql::lista::count(tx, &narrowed).await?,
        };
        return Ok(Pagina { linhas: resumos(achadas), total, similar: false });
    }
    let total = sql::lista::count(tx, &narrowed).await?;
    if total == 0 && !narrowed.terms.is_empty() {
        let (achadas, total) = sql::lista::similar(tx, &narrowed, page).await?;
        return Ok(Pagina { linhas: resumos(achadas), total, similar: total > 0 });
    }
    let achadas = if total > page.offset() { sql::lista::page(tx, &narrowed, ordem, page).await? } else { Vec::new() };
    Ok(Pagina { linhas: resumos(achadas), total, similar: false })
}

/// How many empresas the actor may see in all.
pub async fn total(tx: &mut TenantTx, actor: &Actor) -> Result<i64, ListaError> {
    let narrowed = narrow(tx, Reach::of(actor, &VER)?, &Filtro::default()).await?;
    Ok(sql::lista::count(tx, &narrowed).await?)
}

/// One empresa that the actor may see; `None` for any other, the ones in the lixeira included.
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: EmpresaId) -> Result<Option<Empresa>, ListaError> {
    Ok(sql::find(tx, id, Reach::of(actor, &VER)?).await?)
}

/// One in the lixeira that the actor may restore.
pub async fn find_trashed(tx: &mut TenantTx, actor: &Actor, id: EmpresaId) -> Result<Option<Empresa>, ListaError> {
    Ok(sql::find_trashed(tx, id, Reach::of(actor, &super::EXCLUIR)?).await?)
}

/// Where the next part of a JSON list begins: after this name and id.
pub type After = Cursor<(String, Uuid)>;

/// A part of the list in the order of names.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub empresas: Vec<Empresa>,
    pub next: Option<After>,
    pub total: i64,
}

/// At most `limit` whole records after `after`, by name.
pub async fn list_after(
    tx: &mut TenantTx,
    actor: &Actor,
    filtro: &Filtro,
    after: Option<&After>,
    limit: u32,
) -> Result<Part, ListaError> {
    let narrowed = narrow(tx, Reach::of(actor, &VER)?, filtro).await?;
    tx.plan_for_values().await?;
    let total = sql::lista::count(tx, &narrowed).await?;
    // One more tells whether there is a next part.
    let mut linhas = sql::lista::after(tx, &narrowed, after, i64::from(limit) + 1).await?;
    let more = linhas.len() > limit as usize;
    linhas.truncate(limit as usize);
    let next = linhas.last().filter(|_| more).map(|last| Cursor((last.ordem.clone(), last.id.uuid())));
    let empresas = linhas.into_iter().map(Empresa::try_from).collect::<Result<_, _>>()?;
    Ok(Part { empresas, next, total })
}

/// How many lie in the lixeira.
pub async fn count_trashed(tx: &mut TenantTx, actor: &Actor) -> Result<i64, ListaError> {
    Ok(sql::lista::count_trashed(tx, Reach::of(actor, &super::EXCLUIR)?).await?)
}

/// A filter with the words taken apart and the actor's reach in it: all that the SQL asks.
#[derive(Debug, Clone)]
pub(crate) struct Narrowed {
    pub filtro: Filtro,
    pub terms: Vec<Term>,
    /// Beginnings of the codes of CNAE.
    pub cnaes: Vec<String>,
    pub reach: Reach,
}

impl Narrowed {
    /// Whether the index that holds the names in order also holds all that is asked of an empresa: then a page comes out of it at
    /// once, however few there are, and may tell how many there are in all.
    fn is_in_list_index(&self) -> bool {
        self.terms.is_empty() && self.cnaes.is_empty() && self.filtro.etiquetas.is_empty() && !self.reach.is_linked()
    }
}

pub(crate) async fn narrow(tx: &mut TenantTx, reach: Reach, filtro: &Filtro) -> Result<Narrowed, Fault> {
    let words = words(&filtro.busca);
    let segmentos = if words.is_empty() { Vec::new() } else { crate::segmento::list(tx).await? };
    let terms = words.iter().map(|word| Term::new(word, &segmentos)).collect();
    let cnaes = if filtro.cnaes.is_empty() { Vec::new() } else { prefixes(&*Atividades::load(tx).await?, &filtro.cnaes) };
    Ok(Narrowed { filtro: filtro.clone(), terms, cnaes, reach })
}

/// Beginnings of the codes that were asked for; of nonsense one that no code has, so that it finds nothing rather than all.
fn prefixes(all: &Atividades, asked: &[Box<str>]) -> Vec<String> {
    let prefixes = |codigo: &str| all.read(codigo).map_or_else(|| vec!["-".to_owned()], |atividade| all.prefixes(atividade));
    asked.iter().flat_map(|codigo| prefixes(codigo)).collect()
}

/// More words narrow no further than anybody types; the longest come first, since the index looks for the first one.
const MAX_WORDS: usize = 3;

fn words(busca: &str) -> Vec<String> {
    let mut words: Vec<String> = fold(busca).split_whitespace().map(|word| word.chars().take(100).collect()).collect();
    words.sort_by_key(|word: &String| std::cmp::Reverse(word.len()));
    words.dedup();
    words.truncate(MAX_WORDS);
    words
}

/// One word of the search box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// For LIKE on folded text: anywhere in it.
    pub pattern: String,
    /// Range of the CNPJs that begin with what was typed; an empty one when it is no part of a CNPJ.
    pub cnpj: (String, String),
    /// Letters and digits of what was typed, when it looks like a part of a CNPJ and like no word.
    pub fragment: Option<String>,
    /// Segmentos that have the word in their name.
    pub segmentos: Vec<SegmentoId>,
    pub word: String,
}

impl Term {
    fn new(word: &str, segmentos: &[Segmento]) -> Self {
        let typed = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-'))
            && word.contains(|c: char| c.is_ascii_digit());
        let fragment = Some(Cnpj::fragment(word)).filter(|fragment| typed && fragment.len() >= 2);
        let cnpj = match &fragment {
            // `~` follows every letter and digit.
            Some(fragment) => (fragment.clone(), format!("{fragment}~")),
            None => ("~".to_owned(), "~".to_owned()),
        };
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        let fragment = fragment.filter(|fragment| digits(fragment) * 2 >= fragment.len());
        let has_word = |segmento: &&Segmento| fold(&segmento.nome).contains(word);
        let segmentos = segmentos.iter().filter(has_word).map(|segmento| segmento.id).collect();
        Self { pattern: format!("%{}%", escape(word)), cnpj, fragment, segmentos, word: word.to_owned() }
    }
}

/// `%`, `_` and `\` mean themselves.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_the_longest_come_first() {
        assert_eq!(words("  São  METALÚRGICA de são bento "), ["metalurgica", "bento", "sao"]);
        assert!(words("   ").is_empty());
    }

    #[test]
    fn what_may_be_part_of_a_cnpj_is_looked_for_there_too() {
        let range = |word: &str| Term::new(&fold(word), &[]).cnpj;
        assert_eq!(range("12.ABC.345/01DE-35").0, "12ABC34501DE35");
        assert_eq!(range("19.131.243").1, "19131243~");
        assert_eq!(range("aurora").0, "~");
        assert_eq!(range("3m_x").0, "~");
    }

    #[test]
    fn signs_of_like_mean_themselves() {
        assert_eq!(Term::new("100%_a\\b", &[]).pattern, "%100\\%\\_a\\\\b%");
    }

    #[test]
    fn a_filter_with_nothing_in_it_is_open() {
        assert!(Filtro::default().is_open());
        assert!(!Filtro { busca: "a".into(), ..Filtro::default() }.is_open());
        assert!(!Filtro { ufs: vec![Uf::ALL[0]], ..Filtro::default() }.is_open());
    }
}
