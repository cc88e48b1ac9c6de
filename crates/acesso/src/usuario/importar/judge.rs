use std::collections::{HashMap, HashSet};

use kernel::{Actor, Email, Fault, Invalid, fold};
use sha2::{Digest, Sha256};
use tenancy::TenantTx;

use super::{Importacao, sql};
use crate::{
    perfil::{self, Perfil, PerfilId},
    usuario::{Nome, Setor},
};

/// What the unidade has, as far as the lines ask.
#[derive(Debug, Default)]
pub struct Known {
    /// With whether the actor could give it.
    pub perfis: Vec<(Perfil, bool)>,
    /// E-mails of usuarios.
    pub taken: HashSet<String>,
    /// E-mails with a convite that still works.
    pub invited: HashSet<String>,
}

/// A line that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pronta {
    pub nome: Nome,
    pub email: Email,
    pub perfil: PerfilId,
    pub setor: Option<Setor>,
    /// One more who holds everything.
    pub administrador: bool,
}

/// A line and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Julgada {
    pub number: u32,
    pub nome: String,
    pub email: String,
    /// The perfil as it is called, or as the file says.
    pub perfil: String,
    pub setor: String,
    /// By field.
    pub problems: Vec<(&'static str, Invalid)>,
    /// A convite that waits is replaced.
    pub again: bool,
    /// `None` with problems.
    pub pronta: Option<Pronta>,
}

impl Known {
    /// # Errors
    /// A fault of the database.
    pub async fn load(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao) -> Result<Self, Fault> {
        let lasting = perfil::lasting(tx, actor).await?;
        let perfis = perfil::list(tx).await?.into_iter().map(|perfil| {
            let given = lasting.covers(&perfil.grants());
            (perfil, given)
        });
        let emails: Vec<String> = match importacao.mapping.iter().position(|campo| campo == "email") {
            Some(column) => {
                let cells = importacao.linhas.iter().filter_map(|linha| linha.cells.get(column));
                cells.filter_map(|cell| cell.parse::<Email>().ok()).map(String::from).collect()
            }
            None => Vec::new(),
        };
        let perfis = perfis.collect();
        Ok(Self { perfis, taken: sql::taken(tx, &emails).await?, invited: sql::invited(tx, &emails).await? })
    }

    fn perfil(&self, text: &str) -> Option<&(Perfil, bool)> {
        let text = fold(text);
        self.perfis.iter().find(|(perfil, _)| fold(&perfil.nome) == text)
    }
}

/// Every line in turn. Of two with one e-mail the first counts.
#[must_use]
pub fn judge(importacao: &Importacao, known: &Known) -> Vec<Julgada> {
    let column = |campo: &str| importacao.mapping.iter().position(|one| one == campo);
    let [nome, email, perfil, setor] = super::CAMPOS.map(column);
    let mut seen: HashMap<String, u32> = HashMap::new();
    let lines = importacao.linhas.iter().map(|linha| {
        // A cell of several lines is one line: none of these fields has more.
        let cell = |column: Option<usize>| {
            let cell = column.and_then(|column| linha.cells.get(column)).map_or("", String::as_str);
            cell.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let texts = [cell(nome), cell(email), cell(perfil), cell(setor)];
        line(linha.number, texts, importacao.perfil, known, &mut seen)
    });
    lines.collect()
}

fn line(
    number: u32,
    [nome, email, perfil, setor]: [String; 4],
    default: Option<PerfilId>,
    known: &Known,
    seen: &mut HashMap<String, u32>,
) -> Julgada {
    let mut problems = Vec::new();
    let parsed_nome = required(&nome).and_then(str::parse::<Nome>).map_err(|why| problems.push(("nome", why))).ok();
    let parsed_email = required(&email).and_then(str::parse::<Email>).map_err(|why| problems.push(("email", why))).ok();
    let mut again = false;
    if let Some(email) = &parsed_email {
        if known.taken.contains(email.as_str()) {
            problems.push(("email", Invalid::new("email-taken")));
        } else if let Some(first) = seen.get(email.as_str()) {
            problems.push(("email", Invalid::new("usuarios-email-twice").with("row", *first)));
        }
        seen.entry(email.as_str().to_owned()).or_insert(number);
        again = known.invited.contains(email.as_str());
    }
    let found = if perfil.is_empty() {
        default.and_then(|id| known.perfis.iter().find(|(perfil, _)| perfil.id == id))
    } else {
        known.perfil(&perfil)
    };
    match found {
        None if perfil.is_empty() => problems.push(("perfil", Invalid::new("required"))),
        None => problems.push(("perfil", Invalid::new("usuarios-perfil-unknown"))),
        Some((_, false)) => problems.push(("perfil", Invalid::new("usuarios-perfil-beyond"))),
        Some((_, true)) => {}
    }
    let parsed_setor = match setor.as_str() {
        "" => Some(None),
        text => text.parse::<Setor>().map(Some).map_err(|why| problems.push(("setor", why))).ok(),
    };
    let pronta = match (parsed_nome, parsed_email, found, parsed_setor) {
        (Some(nome), Some(email), Some((perfil, _)), Some(setor)) if problems.is_empty() => {
            Some(Pronta { nome, email, perfil: perfil.id, setor, administrador: perfil.administrador })
        }
        _ => None,
    };
    let perfil = found.map_or(perfil, |(perfil, _)| perfil.nome.clone());
    Julgada { number, nome, email, perfil, setor, problems, again, pronta }
}

fn required(text: &str) -> Result<&str, Invalid> {
    if text.is_empty() { Err(Invalid::new("required")) } else { Ok(text) }
}

/// A print of what a confirmation would do: who saw one confirms that and nothing else.
#[must_use]
pub fn seen(lines: &[Julgada]) -> String {
    let mut hash = Sha256::new();
    for pronta in lines.iter().filter_map(|line| line.pronta.as_ref()) {
        let setor = pronta.setor.as_ref().map_or("", Setor::as_str);
        hash.update(format!("{}\n{}\n{}\n{setor}\n\n", pronta.nome.as_str(), pronta.email, pronta.perfil));
    }
    hex::encode(&hash.finalize()[..12])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::Clock;
    use sheets::import::Line;

    use super::{
        super::{ImportacaoId, State},
        *,
    };

    fn perfil(nome: &str, administrador: bool) -> Perfil {
        Perfil {
            id: PerfilId::new(Clock::system().uuid()),
            nome: nome.into(),
            descricao: None,
            key: None,
            administrador,
            permissoes: BTreeMap::new(),
            version: 1,
            usuarios: 0,
        }
    }

    fn file(lines: &[[&str; 4]]) -> Importacao {
        let linhas = (2..).zip(lines).map(|(number, cells)| Line { number, cells: cells.map(str::to_owned).into() });
        Importacao {
            id: ImportacaoId::new(Clock::system().uuid()),
            file_name: "equipe.csv".into(),
            headers: super::super::CAMPOS.map(str::to_owned).into(),
            linhas: linhas.collect(),
            mapping: super::super::CAMPOS.map(str::to_owned).into(),
            perfil: None,
            state: State::Previa,
            invited: 0,
            refused: 0,
            finished_at: None,
        }
    }

    fn codes(line: &Julgada) -> Vec<(&'static str, &'static str)> {
        line.problems.iter().map(|(field, why)| (*field, why.code)).collect()
    }

    /// Field and code.
    type Problems<'a> = &'a [(&'a str, &'a str)];

    #[test]
    fn each_line_says_what_is_wrong_with_it() {
        let known = Known {
            perfis: vec![(perfil("Leitor", false), true), (perfil("Coordenação", false), false)],
            taken: HashSet::from(["taken@senai.example".to_owned()]),
            invited: HashSet::from(["again@senai.example".to_owned()]),
        };
        let long = "x".repeat(5000);
        let cases: [([&str; 4], Problems); 10] = [
            (["Ana", "Ana@SENAI.example", "LEITOR", "TI"], &[]),
            (["Bia", "ana@senai.example", "leitor", ""], &[("email", "usuarios-email-twice")]),
            (["", "", "", ""], &[("nome", "required"), ("email", "required"), ("perfil", "required")]),
            (["Caio", "caio", "Chefe", ""], &[("email", "email-invalid"), ("perfil", "usuarios-perfil-unknown")]),
            (["Davi", "taken@senai.example", "leitor", ""], &[("email", "email-taken")]),
            (["Eva", "eva@senai.example", "coordenacao", ""], &[("perfil", "usuarios-perfil-beyond")]),
            ([&long, "f@senai.example", "leitor", &long], &[("nome", "texto-too-long"), ("setor", "texto-too-long")]),
            (["Gil\r\nBcc: x", "g@senai.example\r\nBcc: x@y.example", "leitor", ""], &[("email", "email-invalid")]),
            (["Hugo", "аna@senai.example", "leitor", ""], &[("email", "email-invalid")]),
            (["Ivo", "again@senai.example", "leitor", ""], &[]),
        ];
        let lines = judge(&file(&cases.map(|(cells, _)| cells)), &known);
        for (line, (cells, problems)) in lines.iter().zip(cases) {
            assert_eq!(codes(line), problems, "{:?}", cells[0].get(..10));
            assert_eq!(line.pronta.is_some(), problems.is_empty());
        }
        assert!(lines[9].again && !lines[0].again);
        assert_eq!(lines[1].problems[0].1.args.len(), 1, "it names the line");
    }

    #[test]
    fn a_line_without_a_perfil_has_the_chosen_one() {
        let (leitor, adm) = (perfil("Leitor", false), perfil("Adm", true));
        let known = Known { perfis: vec![(leitor.clone(), true), (adm.clone(), true)], ..Known::default() };
        let mut file = file(&[["Ana", "ana@senai.example", "", ""], ["Bia", "bia@senai.example", "adm", ""]]);
        file.perfil = Some(leitor.id);
        let lines = judge(&file, &known);
        let prontas: Vec<_> = lines.iter().map(|line| line.pronta.as_ref().map(|p| (p.perfil, p.administrador))).collect();
        assert_eq!(prontas, [Some((leitor.id, false)), Some((adm.id, true))]);
        let before = seen(&lines);
        file.perfil = Some(adm.id);
        assert_ne!(seen(&judge(&file, &known)), before, "another perfil is another thing to confirm");
        file.perfil = None;
        file.mapping[1].clear();
        assert!(judge(&file, &known).iter().all(|line| line.pronta.is_none()));
    }
}
