use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, NaiveDate, Utc};
use futures::stream;
use kernel::{Actor, Cep, Clock, Denied, Email, ErrorKind, Fault, Invalid, Kind, Reais, Refusal, Telefone, Texto, Uf, fold};
use messaging::Notice;
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;
use web::vocabulary::{self, TermRule};

use super::{
    Counts, Escolha, Importacao, ImportacaoId, Judge, Judged, NOTICE, State, UNDO, Verdict,
    analisar::allowed,
    copy::{plain, text},
    linha::Linha,
    pages::ImportacaoShow,
    permitted,
    sql::{self, gravar::Pairs},
    update::{Existing, update},
};
use crate::{
    empresa::{Cadastro, Campo, Cnae, Known, Porte, Responsavel, SegmentoRef, Site, Situacao},
    etiqueta::{self, Cor, Etiquetas},
    segmento::{self, SegmentoId},
};

#[derive(Debug, thiserror::Error)]
pub enum ConfirmarError {
    #[error("importação not found")]
    NotFound,
    /// It was confirmed or discarded already, or never judged: nothing is done a second time.
    #[error("the importação is not waiting to be confirmed")]
    NotWaiting,
    /// A segmento it needs has gone since it was judged, or its rows are not all here.
    #[error("what the preview was based on has changed")]
    Outdated,
    /// Somebody set something right or chose otherwise since the preview was looked at: nobody has seen what it says now.
    #[error("the preview is another one than the person saw")]
    Changed,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ConfirmarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::NotWaiting | Self::Outdated | Self::Changed => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotWaiting => "importacao-ended",
            Self::Outdated => "importacao-outdated",
            Self::Changed => "importacao-changed",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Rows in memory at a time.
const SOME: i64 = 1_000;
/// The colour of the etiquetas that an importação makes.
pub(super) const COR: Cor = Cor::Cinza;

/// The importação, nobody else at it, as long as it waits to be confirmed and is the one that was seen.
pub(super) async fn waiting(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ImportacaoId,
    seen: Option<i32>,
) -> Result<Importacao, ConfirmarError> {
    permitted(actor)?;
    let importacao = sql::lock(tx, id).await?.ok_or(ConfirmarError::NotFound)?;
    if importacao.state != State::Previa {
        return Err(ConfirmarError::NotWaiting);
    }
    if seen.is_some_and(|seen| seen != importacao.version) {
        return Err(ConfirmarError::Changed);
    }
    Ok(importacao)
}

/// Writes what was previewed into the register, all of it or nothing: `seen` is the version of the preview that the person
/// looked at. A row that the register overtook since (its CNPJ came, or went to the lixeira) is left out and says so. Other
/// writers wait until it is done.
pub async fn confirmar(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId, seen: Option<i32>) -> Result<Counts, ConfirmarError> {
    let importacao = waiting(tx, actor, id, seen).await?;
    write_all(tx, actor, &importacao, &AtomicU64::new(0)).await
}

/// As [`confirmar`], of one that is locked; rows are counted in `seen` as they are written.
pub(super) async fn write_all(
    tx: &mut TenantTx,
    actor: &Actor,
    importacao: &Importacao,
    seen: &AtomicU64,
) -> Result<Counts, ConfirmarError> {
    permitted(actor)?;
    let id = importacao.id;
    let too_old = tx.clock().now() - UNDO;
    sql::undo::forget_older(tx, too_old).await?;
    sql::hold_register(tx).await?;
    let new: Vec<Texto<80>> = importacao.counts.segmentos.iter().filter_map(|nome| nome.parse().ok()).collect();
    let made: Vec<Uuid> =
        segmento::ensure(tx, &new).await?.iter().filter(|segmento| segmento.made).map(|segmento| segmento.id.uuid()).collect();
    let etiquetas = make_etiquetas(tx, actor, &importacao.counts.etiquetas).await?;
    if importacao.mapping.etiquetas().is_some() {
        // None of those that rows name leaves the list before they are written.
        etiqueta::sql::hold_all(tx).await?;
    }
    let known = Known::load(tx).await?.open();
    let registered = sql::registered(tx).await?;
    let mapping = allowed(actor, importacao.mapping.clone());

    let mut writing = Writing {
        judge: Judge::new(&known, &mapping, &registered),
        line: Line::new(tx, id),
        segmentos: known.segmentos.iter().map(|segmento| (fold(&segmento.nome), segmento.id)).collect(),
        importacao,
    };
    let mut done = Done::default();
    let mut after = 0;
    loop {
        let linhas = sql::linha::good_after(tx, id, after, SOME).await?;
        let Some(last) = linhas.last() else { break };
        after = last.number;
        let part = writing.sort(linhas)?;
        let rows = part.rows();
        done.add(write(tx, actor, importacao, part).await?);
        seen.fetch_add(rows, Ordering::Relaxed);
    }
    let mut counts = sql::linha::tally(tx, id, importacao.mode, importacao.escolha).await?;
    done.into_counts(&mut counts, importacao);
    sql::finish(tx, id, State::Concluida, &counts, Some((&made, &etiquetas))).await?;
    let said = serde_json::json!({
        "file": importacao.file_name,
        "hash": importacao.hash,
        "mode": importacao.mode.code(),
        "counts": counts,
    });
    let entry = Entry {
        action: "empresa.importada",
        entity: "importacao",
        entity_id: Some(id.uuid()),
        change: Change { before: None, after: Some(said) },
    };
    tx.audit(actor, entry).await?;
    if let Some(usuario) = actor.usuario() {
        let number = |n: u64| n.to_string();
        let (created, updated, refused) = (number(counts.created), number(counts.updated), number(counts.recusadas));
        let args = [("file", &*importacao.file_name), ("n_created", &created), ("n_updated", &updated), ("n_refused", &refused)];
        let href = ImportacaoShow { id }.to_string();
        messaging::notify(tx, usuario, &Notice { kind: &NOTICE, key: "importacao-notice", args: &args, href: &href }).await?;
    }
    Ok(counts)
}

/// Those that the preview told of and that nobody made since. Whoever may not make them leaves out the rows that name them.
async fn make_etiquetas(tx: &mut TenantTx, actor: &Actor, nomes: &[String]) -> Result<Vec<Uuid>, ConfirmarError> {
    let mut made = Vec::new();
    if !actor.may(&etiqueta::GERIR) {
        return Ok(made);
    }
    for nome in nomes.iter().filter_map(|nome| nome.parse().ok()) {
        let dados = etiqueta::Dados { nome, cor: COR };
        match vocabulary::registrar::<Etiquetas>(tx, actor, &dados).await {
            Ok(id) => made.push(id.uuid()),
            // It is there by now.
            Err(Refusal::Rule(TermRule::Taken)) => {}
            Err(Refusal::Denied(denied)) => return Err(denied.into()),
            Err(Refusal::Fault(fault)) => return Err(fault.into()),
            Err(Refusal::NotFound | Refusal::Rule(_)) => return Err(ConfirmarError::Outdated),
        }
    }
    Ok(made)
}

/// The way of the rows from where they lie to the register.
struct Writing<'a> {
    judge: Judge<'a>,
    line: Line,
    segmentos: HashMap<String, SegmentoId>,
    importacao: &'a Importacao,
}

/// Some rows, by what becomes of them.
#[derive(Default)]
struct Part {
    /// Lines of COPY.
    lines: String,
    created: Vec<Linha>,
    /// Etiquetas of what is created.
    tagged: Pairs,
    existing: Vec<Existing>,
    /// The register overtook them.
    moved: Vec<Linha>,
}

impl Part {
    const fn rows(&self) -> u64 {
        (self.created.len() + self.existing.len() + self.moved.len()) as u64
    }
}

impl Writing<'_> {
    /// Judges the rows once more, by the register that nobody else writes now.
    fn sort(&mut self, linhas: Vec<Linha>) -> Result<Part, ConfirmarError> {
        let mut part = Part::default();
        for mut linha in linhas {
            if !linha.counts(self.importacao) {
                continue;
            }
            let judged = self.judge.judge(&linha.row());
            match (linha.situacao.as_str(), judged.verdict) {
                ("nova", Verdict::Nova(cadastro)) => {
                    let segmento = known_segmento(&self.segmentos, &cadastro)?;
                    let id = self.line.write(&mut part.lines, &cadastro, segmento);
                    for etiqueta in judged.etiquetas.iter().filter_map(|said| said.id) {
                        part.tagged.push(id, etiqueta.uuid());
                    }
                    part.created.push(linha);
                }
                ("existente", Verdict::Existente(mut cadastro)) => {
                    if let Some(id) = known_segmento(&self.segmentos, &cadastro)? {
                        let nome = cadastro.segmento.as_ref().map(|segmento| segmento.nome().to_owned()).unwrap_or_default();
                        cadastro.segmento = Some(SegmentoRef::Known { id, nome });
                    }
                    let fills = linha.escolha(self.importacao) == Escolha::Preencher;
                    part.existing.push(Existing { linha, said: *cadastro, etiquetas: judged.etiquetas, fills });
                }
                (_, verdict) => {
                    linha.take(overtaken(verdict, judged.cnpj, judged.problems));
                    part.moved.push(linha);
                }
            }
        }
        Ok(part)
    }
}

/// A row that is another one than people saw, with a word about it.
fn overtaken(verdict: Verdict, cnpj: Option<kernel::Cnpj>, mut problems: Vec<super::Problem>) -> Judged {
    let code = match verdict {
        Verdict::Existente(_) => Some("cnpj-registered-since"),
        Verdict::Nova(_) => Some("cnpj-gone-since"),
        Verdict::Repetida | Verdict::Recusada => None,
    };
    problems.extend(code.map(|code| Invalid::new(code).at(Campo::Cnpj.key()).into()));
    Judged { verdict, cnpj, problems, etiquetas: Vec::new() }
}

/// How it went so far.
#[derive(Default)]
struct Done {
    created: u64,
    updated: u64,
    unchanged: u64,
    moved: u64,
    /// Of the rows that need not be kept.
    novas: u64,
    existentes: u64,
}

impl Done {
    fn add(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.moved += other.moved;
        self.novas += other.novas;
        self.existentes += other.existentes;
    }

    fn into_counts(self, counts: &mut Counts, importacao: &Importacao) {
        counts.rows += self.novas + self.existentes;
        counts.novas += self.novas;
        counts.existentes += self.existentes;
        counts.created = self.created;
        counts.updated = self.updated;
        counts.unchanged = self.unchanged;
        counts.moved = self.moved;
        // What was made is no longer to be made.
        counts.segmentos.clone_from(&importacao.counts.segmentos);
        counts.etiquetas.clone_from(&importacao.counts.etiquetas);
    }
}

/// Writes a part, and of its rows what became of them.
async fn write(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao, part: Part) -> Result<Done, ConfirmarError> {
    let id = importacao.id;
    let mut done = Done { moved: part.moved.len() as u64, ..Done::default() };
    if !part.lines.is_empty() {
        let chunk = stream::iter([part.lines.into_bytes()]);
        done.created = tx.copy_in(sql::COPY, chunk).await.map_err(Fault::from)?;
        sql::gravar::put(tx, &part.tagged).await?;
    }
    let mut settled: Vec<(Linha, &str)> = part.created.into_iter().map(|linha| (linha, "criada")).collect();
    let existing = update(tx, actor, importacao, part.existing).await?;
    (done.updated, done.unchanged) = (existing.written, existing.unchanged);
    settled.extend(existing.settled);

    let (mut keep, mut forget) = (part.moved, Vec::new());
    for (mut linha, outcome) in settled {
        if linha.problems.is_empty() && linha.edits.is_empty() {
            *(if linha.situacao == "nova" { &mut done.novas } else { &mut done.existentes }) += 1;
            forget.push(i32::try_from(linha.number).unwrap_or(i32::MAX));
        } else {
            linha.outcome = Some(outcome.to_owned());
            keep.push(linha);
        }
    }
    sql::linha::save(tx, id, &keep).await?;
    sql::linha::forget(tx, id, &forget).await?;
    Ok(done)
}

fn known_segmento(segmentos: &HashMap<String, SegmentoId>, cadastro: &Cadastro) -> Result<Option<SegmentoId>, ConfirmarError> {
    match &cadastro.segmento {
        None => Ok(None),
        Some(SegmentoRef::Known { id, .. }) => Ok(Some(*id)),
        Some(SegmentoRef::New(nome)) => segmentos.get(&fold(nome.as_str())).copied().map(Some).ok_or(ConfirmarError::Outdated),
    }
}

/// Writes a cadastro as a line of PostgreSQL's text format, in the order of [`sql::COPY`].
struct Line {
    clock: Clock,
    now: DateTime<Utc>,
    today: NaiveDate,
    importacao: Uuid,
}

impl Line {
    fn new(tx: &TenantTx, importacao: ImportacaoId) -> Self {
        let now = tx.clock().now();
        Self {
            clock: tx.clock().clone(),
            now,
            today: now.with_timezone(&tx.unidade().fuso).date_naive(),
            importacao: importacao.uuid(),
        }
    }

    /// Answers the id of the empresa.
    fn write(&self, out: &mut String, c: &Cadastro, segmento: Option<SegmentoId>) -> Uuid {
        let id = self.clock.uuid();
        // Writing to a String cannot fail.
        let _ = write!(out, "{id}");
        text(out, Some(c.cnpj.as_str()));
        text(out, Some(c.nome.as_str()));
        text(out, c.nome_fantasia.as_ref().map(Texto::as_str));
        text(out, c.inscricao_estadual.as_ref().map(Texto::as_str));
        text(out, c.cnae.as_ref().map(Cnae::as_str));
        plain(out, segmento);
        text(out, c.porte.map(Porte::code));
        text(out, Some(c.situacao.unwrap_or(Situacao::Ativo).code()));
        text(out, c.email.as_ref().map(Email::as_str));
        text(out, c.telefone.as_ref().map(Telefone::as_str));
        text(out, c.site.as_ref().map(Site::as_str));
        text(out, c.cep.as_ref().map(Cep::as_str));
        text(out, c.logradouro.as_ref().map(Texto::as_str));
        text(out, c.numero.as_ref().map(Texto::as_str));
        text(out, c.complemento.as_ref().map(Texto::as_str));
        text(out, c.bairro.as_ref().map(Texto::as_str));
        plain(out, c.municipio.as_ref().map(|v| v.codigo));
        text(out, c.municipio.as_ref().map(|v| v.nome.as_ref()));
        text(out, c.uf.map(Uf::as_str));
        text(out, c.contato_nome.as_ref().map(Texto::as_str));
        text(out, c.contato_cargo.as_ref().map(Texto::as_str));
        plain(out, c.responsavel.as_ref().and_then(Responsavel::id));
        text(out, c.responsavel.as_ref().filter(|v| v.id().is_none()).map(Responsavel::nome));
        plain(out, c.data_fundacao);
        plain(out, c.faturamento.map(Reais::decimal));
        plain(out, c.funcionarios);
        text(out, c.observacoes.as_ref().map(Texto::as_str));
        plain(out, Some(c.data_cadastro.unwrap_or(self.today)));
        plain(out, Some(self.importacao));
        let now = self.now.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let _ = writeln!(out, "\t{now}\t{now}");
        id
    }
}
