//! Lists. Each statement stands alone with its plan: one text for filters, one for the search box as well, one per order, so
//! that PostgreSQL neither guesses at a parameter nor sorts what an index holds in order (decision 0011).

use chrono::{DateTime, NaiveDate, Utc};
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use kernel::{Fault, PageRequest};
use rust_decimal::Decimal;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Linha, empresas, lote::Target};
use crate::empresa::{
    EmpresaId, Porte, Reach, Situacao,
    lista::{After, Narrowed, Ordem, Term},
};
use crate::segmento::SegmentoId;

/// A row of the list. Names of segmento, responsável and etiquetas are [`Known`](crate::empresa::Known), and every join is
/// planned anew for every unidade.
#[derive(Debug)]
pub(in crate::empresa) struct Achada {
    pub id: EmpresaId,
    pub nome: String,
    pub nome_fantasia: Option<String>,
    pub cnpj: String,
    pub segmento_id: Option<SegmentoId>,
    pub porte: Option<String>,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub municipio_id: Option<i32>,
    pub situacao: String,
    pub situacao_cadastral: Option<String>,
    pub responsavel_id: Option<Uuid>,
    pub responsavel_nome: Option<String>,
    pub etiquetas: Vec<Uuid>,
    pub updated_at: DateTime<Utc>,
}

/// A row of a file: what its columns say and nothing else, for every value costs its way through the database's protocol.
#[derive(Debug)]
pub(in crate::empresa) struct Exportada {
    pub cnpj: String,
    pub nome: String,
    pub nome_fantasia: Option<String>,
    pub inscricao_estadual: Option<String>,
    pub cnae: Option<String>,
    pub segmento: Option<String>,
    pub porte: Option<String>,
    pub situacao: String,
    pub email: Option<String>,
    pub telefone: Option<String>,
    pub site: Option<String>,
    pub cep: Option<String>,
    pub logradouro: Option<String>,
    pub numero: Option<String>,
    pub complemento: Option<String>,
    pub bairro: Option<String>,
    pub municipio_id: Option<i32>,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub contato_nome: Option<String>,
    pub contato_cargo: Option<String>,
    pub responsavel: Option<String>,
    pub data_fundacao: Option<NaiveDate>,
    pub faturamento: Option<Decimal>,
    pub funcionarios: Option<i32>,
    pub observacoes: Option<String>,
    pub data_cadastro: NaiveDate,
    /// Their names in one text.
    pub etiquetas: Option<String>,
}

/// A filter as the statements take it: NULL does not narrow.
struct Params {
    /// Never NULL beside other filters of the index on counts, which begins with it.
    situacoes: Option<Vec<String>>,
    ufs: Option<Vec<String>>,
    segmentos: Option<Vec<Uuid>>,
    portes: Option<Vec<String>>,
    municipios: Option<Vec<i32>>,
    /// Patterns of LIKE.
    cnaes: Option<Vec<String>>,
    etiquetas: Option<Vec<Uuid>>,
    responsaveis: Option<Vec<Uuid>>,
    sem_responsavel: bool,
    reach: Option<Vec<Uuid>>,
    terms: Vec<Term>,
}

impl Params {
    fn new(narrowed: &Narrowed) -> Self {
        let filtro = &narrowed.filtro;
        let is_bare = filtro.ufs.is_empty() && filtro.portes.is_empty() && filtro.segmentos.is_empty();
        let situacoes = if filtro.situacoes.is_empty() && !is_bare { &Situacao::ALL[..] } else { &filtro.situacoes };
        Self {
            situacoes: some(situacoes.iter().map(|situacao| situacao.code().to_owned()).collect()),
            ufs: some(filtro.ufs.iter().map(|uf| uf.as_str().to_owned()).collect()),
            segmentos: some(filtro.segmentos.iter().map(|id| id.uuid()).collect()),
            portes: some(filtro.portes.iter().map(|porte: &Porte| porte.code().to_owned()).collect()),
            municipios: some(filtro.municipios.clone()),
            cnaes: some(narrowed.cnaes.iter().map(|codigo| format!("{codigo}%")).collect()),
            etiquetas: some(filtro.etiquetas.iter().map(|id| id.uuid()).collect()),
            responsaveis: if filtro.sem_responsavel {
                Some(filtro.responsaveis.clone())
            } else {
                some(filtro.responsaveis.clone())
            },
            sem_responsavel: filtro.sem_responsavel,
            reach: narrowed.reach.keys().map(<[Uuid]>::to_vec),
            terms: narrowed.terms.clone(),
        }
    }

    fn is_search(&self) -> bool {
        !self.terms.is_empty()
    }

    fn pattern(&self, i: usize) -> Option<&str> {
        self.terms.get(i).map(|term| term.pattern.as_str())
    }

    /// Begin and end of the CNPJs a word may be the beginning of.
    fn cnpj(&self, i: usize) -> (&str, &str) {
        self.terms.get(i).map_or(("~", "~"), |term| (term.cnpj.0.as_str(), term.cnpj.1.as_str()))
    }

    fn with_word(&self, i: usize) -> Vec<Uuid> {
        self.terms.get(i).map(|term| term.segmentos.iter().map(|id| id.uuid()).collect()).unwrap_or_default()
    }

    /// A word that others may be like; one that is a part of a CNPJ is like nothing.
    fn word(&self, i: usize) -> Option<&str> {
        self.terms.get(i).filter(|term| term.fragment.is_none()).map(|term| term.word.as_str())
    }

    /// Pattern of a part of a CNPJ, anywhere in it.
    fn part(&self, i: usize) -> Option<String> {
        self.terms.get(i).and_then(|term| term.fragment.as_deref()).map(|fragment| format!("%{fragment}%"))
    }
}

fn some<T>(values: Vec<T>) -> Option<Vec<T>> {
    (!values.is_empty()).then_some(values)
}

/// The parts of a statement around its WHERE.
macro_rules! statement {
    (count, $where:literal, $tail:literal, $($arg:expr),*) => {
        sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM empresa e "# + $where + $tail, $($arg),*)
    };
    // The page is found in the index alone; only its rows are read from the table.
    (page $order:literal, $where:literal, $tail:literal, $($arg:expr),*) => {
        sqlx::query_as!(
            Achada,
            r#"SELECT e.id AS "id: EmpresaId", e.nome, e.nome_fantasia, e.cnpj, e.segmento_id AS "segmento_id: SegmentoId", e.porte, e.cidade,
                      e.uf, e.municipio_id, e.situacao, e.situacao_cadastral, e.responsavel_id, e.responsavel_nome,
                      ARRAY(SELECT x.etiqueta_id FROM empresa_etiqueta x WHERE x.empresa_id = e.id) AS "etiquetas!", e.updated_at
               FROM (SELECT e.id FROM empresa e "# + $where + " ORDER BY " + $order + $tail + r") p
               JOIN empresa e ON e.id = p.id
               ORDER BY " + $order,
            $($arg),*
        )
    };
    (targets, $where:literal, $tail:literal, $($arg:expr),*) => {
        sqlx::query_as!(
            Target,
            r#"SELECT e.id, e.nome, e.cnpj, e.situacao, e.responsavel_id, u.nome AS "usuario_nome?", e.responsavel_nome
               FROM empresa e LEFT JOIN usuario u ON u.id = e.responsavel_id "# + $where + $tail,
            $($arg),*
        )
    };
    (whole, $where:literal, $tail:literal, $($arg:expr),*) => { empresas!($where, $tail, $($arg),*) };
    (file, $where:literal, $tail:literal, $($arg:expr),*) => {
        sqlx::query_as!(
            Exportada,
            r#"SELECT e.cnpj, e.nome, e.nome_fantasia, e.inscricao_estadual, e.cnae, s.nome AS "segmento?", e.porte, e.situacao, e.email,
                      e.telefone, e.site, e.cep, e.logradouro, e.numero, e.bairro, e.municipio_id, e.cidade, e.uf, e.contato_nome,
                      e.contato_cargo, coalesce(u.nome, e.responsavel_nome) AS responsavel, e.data_fundacao, e.faturamento, e.funcionarios,
                      e.observacoes, e.data_cadastro, e.complemento,
                      (SELECT string_agg(t.nome, '; ' ORDER BY t.busca) FROM empresa_etiqueta x JOIN etiqueta t ON t.id = x.etiqueta_id
                       WHERE x.empresa_id = e.id) AS etiquetas
               FROM empresa e
               LEFT JOIN segmento s ON s.id = e.segmento_id
               LEFT JOIN usuario u ON u.id = e.responsavel_id "# + $where + $tail,
            $($arg),*
        )
    };
}

/// Filters are $1 to $10; what the statement needs beside them begins with $11.
macro_rules! filtered {
    ($kind:ident $($order:literal)?, $tail:literal, $p:expr $(, $arg:expr)*) => {
        statement!(
            $kind $($order)?,
            "WHERE e.deleted_at IS NULL AND ($1::text[] IS NULL OR e.situacao = ANY($1)) AND ($2::text[] IS NULL OR e.uf = ANY($2))
             AND ($3::uuid[] IS NULL OR e.segmento_id = ANY($3)) AND ($4::text[] IS NULL OR e.porte = ANY($4))
             AND ($5::integer[] IS NULL OR e.municipio_id = ANY($5))
             AND ($6::uuid[] IS NULL OR e.responsavel_id = ANY($6) OR ($7::boolean AND e.responsavel_id IS NULL))
             AND ($8::uuid[] IS NULL OR e.responsavel_id = $8[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $8[2]))) AND ($9::text[] IS NULL OR e.cnae LIKE ANY($9))
             AND ($10::uuid[] IS NULL OR e.id IN (SELECT t.empresa_id FROM empresa_etiqueta t WHERE t.etiqueta_id = ANY($10))) ",
            $tail,
            $p.situacoes.as_deref(), $p.ufs.as_deref(), $p.segmentos.as_deref(), $p.portes.as_deref(), $p.municipios.as_deref(),
            $p.responsaveis.as_deref(), $p.sem_responsavel, $p.reach.as_deref(), $p.cnaes.as_deref(), $p.etiquetas.as_deref()
            $(, $arg)*
        )
    };
}

/// As [`filtered!`], with up to three words in $9 to $20 and the activities in $21, the etiquetas in $22; the rest begins with $23.
macro_rules! searched {
    ($kind:ident $($order:literal)?, $tail:literal, $p:expr $(, $arg:expr)*) => {
        statement!(
            $kind $($order)?,
            "WHERE e.deleted_at IS NULL AND ($1::text[] IS NULL OR e.situacao = ANY($1)) AND ($2::text[] IS NULL OR e.uf = ANY($2))
             AND ($3::uuid[] IS NULL OR e.segmento_id = ANY($3)) AND ($4::text[] IS NULL OR e.porte = ANY($4))
             AND ($5::integer[] IS NULL OR e.municipio_id = ANY($5))
             AND ($6::uuid[] IS NULL OR e.responsavel_id = ANY($6) OR ($7::boolean AND e.responsavel_id IS NULL))
             AND ($8::uuid[] IS NULL OR e.responsavel_id = $8[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $8[2])))
             AND (e.busca LIKE $9 OR (e.cnpj >= $10 AND e.cnpj < $11) OR e.segmento_id = ANY($12::uuid[]))
             AND ($13::text IS NULL OR e.busca LIKE $13 OR (e.cnpj >= $14 AND e.cnpj < $15) OR e.segmento_id = ANY($16::uuid[]))
             AND ($17::text IS NULL OR e.busca LIKE $17 OR (e.cnpj >= $18 AND e.cnpj < $19) OR e.segmento_id = ANY($20::uuid[]))
             AND ($21::text[] IS NULL OR e.cnae LIKE ANY($21))
             AND ($22::uuid[] IS NULL OR e.id IN (SELECT t.empresa_id FROM empresa_etiqueta t WHERE t.etiqueta_id = ANY($22))) ",
            $tail,
            $p.situacoes.as_deref(), $p.ufs.as_deref(), $p.segmentos.as_deref(), $p.portes.as_deref(), $p.municipios.as_deref(),
            $p.responsaveis.as_deref(), $p.sem_responsavel, $p.reach.as_deref(),
            $p.pattern(0), $p.cnpj(0).0, $p.cnpj(0).1, &$p.with_word(0),
            $p.pattern(1), $p.cnpj(1).0, $p.cnpj(1).1, &$p.with_word(1),
            $p.pattern(2), $p.cnpj(2).0, $p.cnpj(2).1, &$p.with_word(2), $p.cnaes.as_deref(),
            $p.etiquetas.as_deref()
            $(, $arg)*
        )
    };
}

/// A page in one of the orders.
macro_rules! page {
    ($order:literal, $tx:expr, $p:expr, $page:expr) => {
        if $p.is_search() {
            searched!(page $order, " LIMIT $23 OFFSET $24", $p, $page.limit(), $page.offset()).fetch_all($tx.db()).await?
        } else {
            filtered!(page $order, " LIMIT $11 OFFSET $12", $p, $page.limit(), $page.offset()).fetch_all($tx.db()).await?
        }
    };
}

mod ordens;

pub(in crate::empresa) async fn count(tx: &mut TenantTx, narrowed: &Narrowed) -> Result<i64, Fault> {
    let p = Params::new(narrowed);
    Ok(if p.is_search() {
        searched!(count, "", p).fetch_one(tx.db()).await?
    } else {
        filtered!(count, "", p).fetch_one(tx.db()).await?
    })
}

pub(in crate::empresa) async fn page(
    tx: &mut TenantTx,
    narrowed: &Narrowed,
    ordem: Ordem,
    page: PageRequest,
) -> Result<Vec<Achada>, Fault> {
    let p = Params::new(narrowed);
    Ok(match ordem {
        Ordem::Nome => page!("e.ordem, e.id", tx, p, page),
        Ordem::NomeDesc => page!("e.ordem DESC, e.id DESC", tx, p, page),
        Ordem::Cidade => page!("e.cidade COLLATE \"C\", e.id", tx, p, page),
        // Those without a cidade come last in both directions; going down costs a sort.
        Ordem::CidadeDesc => page!("e.cidade COLLATE \"C\" DESC NULLS LAST, e.id DESC", tx, p, page),
        // A UUIDv7 rises with the time it was made.
        Ordem::Cadastro => page!("e.id", tx, p, page),
        Ordem::CadastroDesc => page!("e.id DESC", tx, p, page),
        Ordem::Varias(ordens) => ordens::page(tx, &p, ordens, page).await?,
    })
}

/// When no row has the words: rows that have words like them, or the typed part of a CNPJ in its middle. Best first.
pub(in crate::empresa) async fn similar(
    tx: &mut TenantTx,
    narrowed: &Narrowed,
    page: PageRequest,
) -> Result<(Vec<Achada>, i64), Fault> {
    let p = Params::new(narrowed);
    // Likeness is dear to work out, so it is done once for the page and the count.
    let found = sqlx::query!(
        r#"SELECT e.id, count(*) OVER () AS "total!" FROM empresa e
           WHERE e.deleted_at IS NULL AND ($1::text[] IS NULL OR e.situacao = ANY($1)) AND ($2::text[] IS NULL OR e.uf = ANY($2))
             AND ($3::uuid[] IS NULL OR e.segmento_id = ANY($3)) AND ($4::text[] IS NULL OR e.porte = ANY($4))
             AND ($5::integer[] IS NULL OR e.municipio_id = ANY($5))
             AND ($6::uuid[] IS NULL OR e.responsavel_id = ANY($6) OR ($7::boolean AND e.responsavel_id IS NULL))
             AND ($8::uuid[] IS NULL OR e.responsavel_id = $8[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $8[2]))) AND ($17::text[] IS NULL OR e.cnae LIKE ANY($17))
             AND ($18::uuid[] IS NULL OR e.id IN (SELECT t.empresa_id FROM empresa_etiqueta t WHERE t.etiqueta_id = ANY($18)))
             AND ($9::text IS NULL OR e.busca OPERATOR(ext.%>) $9) AND ($10::text IS NULL OR e.cnpj LIKE $10)
             AND ($11::text IS NULL OR e.busca OPERATOR(ext.%>) $11) AND ($12::text IS NULL OR e.cnpj LIKE $12)
             AND ($13::text IS NULL OR e.busca OPERATOR(ext.%>) $13) AND ($14::text IS NULL OR e.cnpj LIKE $14)
           ORDER BY ext.word_similarity($9, e.busca) DESC, e.ordem, e.id LIMIT $15 OFFSET $16"#,
        p.situacoes.as_deref(),
        p.ufs.as_deref(),
        p.segmentos.as_deref(),
        p.portes.as_deref(),
        p.municipios.as_deref(),
        p.responsaveis.as_deref(),
        p.sem_responsavel,
        p.reach.as_deref(),
        p.word(0),
        p.part(0),
        p.word(1),
        p.part(1),
        p.word(2),
        p.part(2),
        page.limit(),
        page.offset(),
        p.cnaes.as_deref(),
        p.etiquetas.as_deref()
    )
    .fetch_all(tx.db())
    .await?;
    let total = found.first().map_or(0, |row| row.total);
    let ids: Vec<Uuid> = found.into_iter().map(|row| row.id).collect();
    let linhas = sqlx::query_as!(
        Achada,
        r#"SELECT e.id AS "id: EmpresaId", e.nome, e.nome_fantasia, e.cnpj, e.segmento_id AS "segmento_id: SegmentoId", e.porte, e.cidade,
                  e.uf, e.municipio_id, e.situacao, e.situacao_cadastral, e.responsavel_id, e.responsavel_nome,
                  ARRAY(SELECT x.etiqueta_id FROM empresa_etiqueta x WHERE x.empresa_id = e.id) AS "etiquetas!", e.updated_at
           FROM empresa e
           WHERE e.id = ANY($1)
           ORDER BY array_position($1, e.id)"#,
        &ids
    )
    .fetch_all(tx.db())
    .await?;
    Ok((linhas, total))
}

/// Whole rows by name, after the one that `after` names.
pub(in crate::empresa) async fn after(
    tx: &mut TenantTx,
    narrowed: &Narrowed,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Linha>, Fault> {
    let p = Params::new(narrowed);
    // Nothing sorts before the empty text.
    let (ordem, id) = after.map_or(("", Uuid::nil()), |after| (after.0.0.as_str(), after.0.1));
    Ok(if p.is_search() {
        searched!(whole, "AND (e.ordem, e.id) > ($23, $24) ORDER BY e.ordem, e.id LIMIT $25", p, ordem, id, limit)
            .fetch_all(tx.db())
            .await?
    } else {
        filtered!(whole, "AND (e.ordem, e.id) > ($11, $12) ORDER BY e.ordem, e.id LIMIT $13", p, ordem, id, limit)
            .fetch_all(tx.db())
            .await?
    })
}

/// All of the list, at most `limit`, to be changed: nobody else changes them before this transaction ends.
pub(in crate::empresa) async fn lock(tx: &mut TenantTx, narrowed: &Narrowed, limit: i64) -> Result<Vec<Target>, Fault> {
    let p = Params::new(narrowed);
    Ok(if p.is_search() {
        searched!(targets, "ORDER BY e.id LIMIT $23 FOR UPDATE OF e", p, limit).fetch_all(tx.db()).await?
    } else {
        filtered!(targets, "ORDER BY e.id LIMIT $11 FOR UPDATE OF e", p, limit).fetch_all(tx.db()).await?
    })
}

/// Ids of all of the list, at most `limit`; nobody is kept from them.
pub(in crate::empresa) async fn ids(tx: &mut TenantTx, narrowed: &Narrowed, limit: i64) -> Result<Vec<Uuid>, Fault> {
    let p = Params::new(narrowed);
    let targets = if p.is_search() {
        searched!(targets, "ORDER BY e.id LIMIT $23", p, limit).fetch_all(tx.db()).await?
    } else {
        filtered!(targets, "ORDER BY e.id LIMIT $11", p, limit).fetch_all(tx.db()).await?
    };
    Ok(targets.into_iter().map(|target| target.id).collect())
}

/// Every row of the list in its order, as they come from the database. The whole register by name comes along its index;
/// anything else is sorted once, which no index could spare.
pub(in crate::empresa) async fn all<'a>(
    tx: &'a mut TenantTx,
    narrowed: &'a Narrowed,
    ordem: Ordem,
) -> Result<BoxStream<'a, Result<Exportada, Fault>>, Fault> {
    let p = Params::new(narrowed);
    if let Ordem::Varias(ordens) = ordem {
        return Ok(ordens::all(tx, &p, ordens));
    }
    let code = ordem.code();
    let linhas = if ordem == Ordem::Nome && narrowed.filtro.is_open() && p.reach.is_none() {
        tx.in_index_order().await?;
        filtered!(file, "ORDER BY e.ordem, e.id", p).fetch(tx.db())
    } else if p.is_search() {
        searched!(
            file,
            r#"ORDER BY CASE $23::integer WHEN 0 THEN e.ordem WHEN 2 THEN e.cidade COLLATE "C" END,
                        CASE $23 WHEN 1 THEN e.ordem WHEN 3 THEN e.cidade COLLATE "C" END DESC NULLS LAST,
                        CASE $23 WHEN 1 THEN e.id WHEN 3 THEN e.id WHEN 5 THEN e.id END DESC, e.id"#,
            p,
            code
        )
        .fetch(tx.db())
    } else {
        filtered!(
            file,
            r#"ORDER BY CASE $11::integer WHEN 0 THEN e.ordem WHEN 2 THEN e.cidade COLLATE "C" END,
                        CASE $11 WHEN 1 THEN e.ordem WHEN 3 THEN e.cidade COLLATE "C" END DESC NULLS LAST,
                        CASE $11 WHEN 1 THEN e.id WHEN 3 THEN e.id WHEN 5 THEN e.id END DESC, e.id"#,
            p,
            code
        )
        .fetch(tx.db())
    };
    Ok(linhas.map_err(Fault::from).boxed())
}

/// As [`all`], of these only.
pub(in crate::empresa) fn these<'a>(
    tx: &'a mut TenantTx,
    ids: &'a [Uuid],
    reach: Reach,
    ordem: Ordem,
) -> BoxStream<'a, Result<Exportada, Fault>> {
    if let Ordem::Varias(ordens) = ordem {
        return ordens::these(tx, ids, reach, ordens);
    }
    let linhas = statement!(
        file,
        "WHERE e.id = ANY($1) AND e.deleted_at IS NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2]))) ",
        r#"ORDER BY CASE $3::integer WHEN 0 THEN e.ordem WHEN 2 THEN e.cidade COLLATE "C" END,
                    CASE $3 WHEN 1 THEN e.ordem WHEN 3 THEN e.cidade COLLATE "C" END DESC NULLS LAST,
                    CASE $3 WHEN 1 THEN e.id WHEN 3 THEN e.id WHEN 5 THEN e.id END DESC, e.id"#,
        ids,
        reach.keys(),
        ordem.code()
    );
    linhas.fetch(tx.db()).map_err(Fault::from).boxed()
}

/// How many lie in the lixeira.
pub(in crate::empresa) async fn count_trashed(tx: &mut TenantTx, reach: Reach) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM empresa e WHERE e.deleted_at IS NOT NULL AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))"#,
        reach.keys()
    )
    .fetch_one(tx.db())
    .await?)
}
