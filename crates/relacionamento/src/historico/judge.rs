//! What an importer says about each line. Pure: what the unidade has is handed in.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use empresas::empresa::{self, EmpresaId};
use kernel::{Actor, Cnpj, Email, Fault, Invalid, Lang, fold};
use sha2::{Digest, Sha256};
use sheets::{import::cnpj_text, read::Raw};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Especie, Importacao, demandas::Registrada, sql, texto::Leitura, visitas::Feita};
use crate::{etapa, etapa::Etapa, setor, setor::Setor, tipo, tipo::Tipo, visita::Reach};

/// Somebody of the unidade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alguem {
    pub id: Uuid,
    pub nome: String,
    pub email: String,
    pub ativo: bool,
}

/// An empresa that a line may be of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lugar {
    pub id: EmpresaId,
    pub cnpj: String,
    pub nome: String,
    pub nome_fantasia: Option<String>,
}

/// What is in the register already: of which empresa, when, and by whom or called what (folded).
pub(super) type Chave = (Uuid, DateTime<Utc>, String);

/// What the unidade has, as far as the lines ask.
#[derive(Debug)]
pub(super) struct Known {
    pub now: DateTime<Utc>,
    pub zone: Tz,
    /// In which the trail of the unidade is written.
    pub lang: Lang,
    lugares: Vec<Lugar>,
    by_cnpj: HashMap<Cnpj, usize>,
    /// By both names, folded; `None` where several empresas are called so.
    by_nome: HashMap<String, Option<usize>>,
    pessoas: Vec<Alguem>,
    pub tipos: Vec<Tipo>,
    pub setores: Vec<Setor>,
    pub etapas: Vec<Etapa>,
    pub registered: HashSet<Chave>,
}

impl Known {
    /// # Errors
    /// A fault of the database.
    pub(super) async fn load(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao) -> Result<Self, Fault> {
        let texts = |campo: &str| {
            let column = importacao.mapping.iter().position(|one| one == campo);
            let cells = importacao.lines.iter().filter_map(move |line| line.cells.get(column?));
            cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect::<HashSet<&str>>()
        };
        let cnpjs = texts("cnpj").into_iter().filter_map(|text| cnpj_text(Raw::Text(text)).parse::<Cnpj>().ok());
        let cnpjs: Vec<String> = cnpjs.map(|cnpj| cnpj.as_str().to_owned()).collect();
        let nomes: Vec<String> = texts("empresa").into_iter().map(called).collect();
        // An empresa that somebody may not see is nobody whom they know.
        let lugares = match Reach::of(actor, &empresa::VER) {
            Ok(reach) => sql::lugares(tx, reach, &cnpjs, &nomes).await?,
            Err(_) => Vec::new(),
        };
        let mut known = Self::new(tx.clock().now(), tx.unidade().fuso, lugares, sql::pessoas(tx).await?);
        known.lang = tx.unidade().lang(None);
        let ids: Vec<Uuid> = known.lugares.iter().map(|lugar| lugar.id.uuid()).collect();
        match importacao.especie {
            Especie::Visita => known.registered = sql::visitas(tx, &ids).await?,
            Especie::Demanda => {
                known.registered = sql::demandas(tx, &ids, known.zone).await?;
                known.tipos = tipo::sql::list(tx).await?;
                known.setores = setor::sql::list(tx).await?;
                known.etapas = etapa::sql::list(tx).await?;
            }
        }
        Ok(known)
    }

    pub(super) fn new(now: DateTime<Utc>, zone: Tz, lugares: Vec<Lugar>, pessoas: Vec<Alguem>) -> Self {
        let mut by_nome: HashMap<String, Option<usize>> = HashMap::new();
        for (i, lugar) in lugares.iter().enumerate() {
            for nome in [Some(&lugar.nome), lugar.nome_fantasia.as_ref()].into_iter().flatten() {
                let one = by_nome.entry(called(nome)).or_insert(Some(i));
                *one = one.filter(|other| *other == i);
            }
        }
        let by_cnpj = lugares.iter().enumerate().filter_map(|(i, lugar)| Some((lugar.cnpj.parse().ok()?, i))).collect();
        Self {
            now,
            zone,
            lang: Lang::default(),
            lugares,
            by_cnpj,
            by_nome,
            pessoas,
            tipos: Vec::new(),
            setores: Vec::new(),
            etapas: Vec::new(),
            registered: HashSet::new(),
        }
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// The empresa that a line is of: by its CNPJ, or without one by a name that only one has.
    pub(super) fn empresa(&self, line: &mut Leitura<'_>) -> Option<&Lugar> {
        let nome = line.words("empresa");
        let cnpj = line.cnpj("cnpj")?;
        let found = match cnpj {
            Some(cnpj) => self.by_cnpj.get(&cnpj).copied().ok_or(("cnpj", Invalid::new("historico-cnpj-unknown"))),
            None if nome.is_empty() => Err(("empresa", Invalid::new("required"))),
            None => match self.by_nome.get(&called(&nome)) {
                Some(Some(i)) => Ok(*i),
                Some(None) => Err(("empresa", Invalid::new("historico-empresa-many"))),
                None => Err(("empresa", Invalid::new("historico-empresa-unknown"))),
            },
        };
        match found {
            Ok(i) => self.lugares.get(i),
            Err((campo, why)) => {
                line.fail(campo, why);
                None
            }
        }
    }

    /// Who a line names, by e-mail or by name. Whoever is nobody here, or one of several who are called so, is kept by name alone.
    pub(super) fn pessoa(&self, text: &str) -> (Option<Uuid>, String) {
        let alguem = if let Ok(email) = text.parse::<Email>() {
            self.pessoas.iter().find(|one| one.email == email.as_str())
        } else {
            let folded = called(text);
            let all: Vec<&Alguem> = self.pessoas.iter().filter(|one| called(&one.nome) == folded).collect();
            let active: Vec<&Alguem> = all.iter().copied().filter(|one| one.ativo).collect();
            match (&all[..], &active[..]) {
                ([one], _) | (_, [one]) => Some(*one),
                _ => None,
            }
        };
        alguem.map_or_else(|| (None, text.to_owned()), |one| (Some(one.id), one.nome.clone()))
    }

    /// What is kept as the reason where the file has none and there has to be one.
    pub(super) fn no_motivo(&self) -> &'static str {
        idioma::t(self.lang, "historico-sem-motivo")
    }
}

/// A name as it is compared.
pub(super) fn called(nome: &str) -> String {
    fold(&nome.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A line that can come in.
#[derive(Debug, Clone, PartialEq)]
pub enum Pronta {
    Visita(Box<Feita>),
    Demanda(Box<Registrada>),
}

/// A line and what is to be said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Julgada {
    pub number: u32,
    /// The empresa as the register calls it, or as the file says; when, who, and what for.
    pub empresa: String,
    pub quando: String,
    pub quem: String,
    pub texto: String,
    /// Whoever is named is nobody here: the name alone is kept.
    pub by_name: bool,
    /// By field.
    pub problems: Vec<(&'static str, Invalid)>,
    /// There already, or on an earlier line.
    pub repetida: bool,
    /// `None` with problems, and for a repetition.
    pub pronta: Option<Pronta>,
}

/// Every line in turn. Of two that say the same the first counts.
pub(super) fn judge(importacao: &Importacao, known: &Known) -> Vec<Julgada> {
    let mut seen: HashMap<Chave, u32> = HashMap::new();
    let lines = importacao.lines.iter().map(|line| {
        let mut leitura = Leitura::new(line, &importacao.mapping);
        let quem = leitura.words("responsavel");
        let empresa = known.empresa(&mut leitura).cloned();
        let (quando, texto, campo, read) = match importacao.especie {
            Especie::Visita => {
                let read = Feita::read(&mut leitura, known, empresa.as_ref());
                let quando = [leitura.cell("inicio"), leitura.cell("hora")].join(" ").trim().to_owned();
                (quando, leitura.words("objetivo"), "inicio", read.map(|feita| (feita.chave(), Pronta::Visita(Box::new(feita)))))
            }
            Especie::Demanda => {
                let read = Registrada::read(&mut leitura, known, importacao.tipo, empresa.as_ref());
                let texto = [leitura.words("titulo"), leitura.words("descricao")].into_iter().find(|text| !text.is_empty());
                let read = read.map(|one| (one.chave(known.zone), Pronta::Demanda(Box::new(one))));
                (leitura.cell("registrada").to_owned(), texto.unwrap_or_default(), "titulo", read)
            }
        };
        let (mut pronta, mut repetida) = (None, false);
        if let Some((chave, read)) = read.filter(|_| leitura.problems.is_empty()) {
            let first = *seen.entry(chave.clone()).or_insert(line.number);
            repetida = first != line.number || known.registered.contains(&chave);
            if first != line.number {
                leitura.fail(campo, Invalid::new("historico-twice").with("row", first));
            } else if repetida {
                leitura.fail(campo, Invalid::new("historico-registered"));
            } else {
                pronta = Some(read);
            }
        }
        let by_name = pronta.as_ref().is_some_and(Pronta::is_by_name);
        let empresa = empresa.map_or_else(|| first_of(leitura.words("empresa"), leitura.cell("cnpj")), |lugar| lugar.nome);
        Julgada { number: line.number, empresa, quando, quem, texto, by_name, problems: leitura.problems, repetida, pronta }
    });
    lines.collect()
}

fn first_of(one: String, other: &str) -> String {
    if one.is_empty() { other.to_owned() } else { one }
}

impl Pronta {
    fn is_by_name(&self) -> bool {
        match self {
            Self::Visita(feita) => feita.responsavel_id.is_none(),
            Self::Demanda(one) => one.responsavel_id.is_none() && one.responsavel_nome.is_some(),
        }
    }
}

/// A print of what a confirmation would do: who saw one confirms that and nothing else.
#[must_use]
pub fn seen(lines: &[Julgada]) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(format!("{} {} {:?}\n", line.number, line.repetida, line.pronta));
    }
    hex::encode(&hash.finalize()[..12])
}

#[cfg(test)]
mod tests;
