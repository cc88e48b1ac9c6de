use kernel::Clock;
use sheets::import::Line;

use super::*;
use crate::historico::{Fora, confirmar::ConfirmarRule, receber::ReceberRule};

fn importacao(especie: Especie, state: State, lines: u32) -> Importacao {
    let line = |number| Line { number, cells: vec!["<b>Aurora</b>".into(), "10/02/2024".into(), "x".repeat(200)] };
    Importacao {
        id: ImportacaoId::new(Clock::system().uuid()),
        especie,
        file_name: "<b>Aurora</b>.csv".into(),
        headers: vec!["Empresa".into(), "<b>Aurora</b>".into()],
        lines: (2..2 + lines).map(line).collect(),
        mapping: vec!["empresa".into(), "inicio".into(), String::new()],
        tipo: None,
        state,
        contas: Contas { imported: 12_345, repeated: 1, refused: 2, undone: if state == State::Desfeita { 12_344 } else { 0 } },
        left_out: vec![Fora { line: line(2), motivo: "Empresa: <b>Aurora</b>".into() }],
        actor_nome: "<b>Aurora</b>".into(),
        created_at: DateTime::UNIX_EPOCH,
        finished_at: Some(DateTime::UNIX_EPOCH),
    }
}

fn julgada(number: u32, problems: Vec<(&'static str, Invalid)>, repetida: bool) -> Julgada {
    Julgada {
        number,
        empresa: "<b>Aurora</b>".into(),
        quando: "10/02/2024".into(),
        quem: "<b>Aurora</b>".into(),
        texto: "\"><script>".repeat(20),
        by_name: false,
        problems,
        repetida,
        pronta: None,
    }
}

impl HistoricoNewPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let mut refused = FormState::new();
        refused.refuse(frame.lang, &ReceberError::Rule(ReceberRule::NoLines));
        vec![
            ("visitas", Self::new(frame.clone(), Especie::Visita, FormState::new())),
            ("demandas refused", Self::new(frame.clone(), Especie::Demanda, refused)),
        ]
    }
}

impl HistoricoPreviaPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let mut refused = FormState::new();
        for rule in [ConfirmarRule::Changed, ConfirmarRule::Nothing] {
            refused.refuse(frame.lang, &ConfirmarError::Rule(rule));
        }
        let wrong = || vec![("empresa", Invalid::new("historico-empresa-unknown")), ("inicio", Invalid::new("historico-futuro"))];
        let many: Vec<Julgada> = (2..142).map(|n| julgada(n, wrong(), n % 7 == 0)).collect();
        let page = |especie, lines: &[Julgada], query, form| {
            let count = u32::try_from(lines.len()).unwrap();
            Self::new(frame.clone(), &importacao(especie, State::Previa, count), lines, &[], query, form)
        };
        vec![
            ("visitas", page(Especie::Visita, &many, "", FormState::new())),
            ("demandas, second page", page(Especie::Demanda, &many, "parte=recusadas&pagina=2", refused)),
            ("none ready", page(Especie::Visita, &many, "parte=prontas", FormState::new())),
        ]
    }
}

impl HistoricoShowPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let ficou = Ficou { id: uuid::Uuid::nil(), nome: "<b>Aurora</b>".into() };
        vec![
            ("done", Self::new(frame.clone(), &importacao(Especie::Visita, State::Concluida, 0), Vec::new())),
            ("undone", Self::new(frame.clone(), &importacao(Especie::Demanda, State::Desfeita, 0), vec![ficou])),
        ]
    }
}

impl HistoricoLogPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let registro = |state| {
            let one = importacao(Especie::Visita, state, 0);
            Registro {
                id: one.id,
                especie: one.especie,
                file_name: one.file_name,
                state,
                contas: one.contas,
                actor_nome: one.actor_nome,
                created_at: one.created_at,
            }
        };
        let rows = State::ALL.map(registro).to_vec();
        let list = || ListState::read(HistoricoPath::PATH, "", &[], Sort::down("created_at"));
        vec![("none", Self::new(frame.clone(), list(), (Vec::new(), 0))), ("some", Self::new(frame.clone(), list(), (rows, 4)))]
    }
}
