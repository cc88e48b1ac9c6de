use kernel::Clock;
use sheets::import::Line;

use super::*;
use crate::{etapa::Situacao, historico::State, tipo::TipoId, visita};

fn lugar(n: u32, nome: &str, fantasia: Option<&str>) -> Lugar {
    Lugar {
        id: EmpresaId::new(Clock::system().uuid()),
        cnpj: Cnpj::from_base(&format!("{:08}0001", 10_000_000 + n)).unwrap().as_str().to_owned(),
        nome: nome.to_owned(),
        nome_fantasia: fantasia.map(str::to_owned),
    }
}

fn alguem(nome: &str, email: &str, ativo: bool) -> Alguem {
    Alguem { id: Clock::system().uuid(), nome: nome.to_owned(), email: email.to_owned(), ativo }
}

/// Tuesday noon in Joinville.
fn known() -> Known {
    let lugares = vec![
        lugar(1, "Metalúrgica Aurora Ltda", Some("Aurora")),
        lugar(2, "Têxtil Itoupava S.A.", None),
        lugar(3, "Padaria Central", None),
        lugar(4, "PADARIA  CENTRAL", None),
    ];
    let pessoas = vec![
        alguem("Diego Téc", "diego@senai.example", true),
        alguem("Ana Lima", "ana@senai.example", false),
        alguem("Ana Lima", "ana.lima@senai.example", true),
        alguem("Rui", "rui@senai.example", true),
        alguem("Rui", "rui.2@senai.example", true),
    ];
    let now = "2026-11-24T15:00:00Z".parse().unwrap();
    let mut known = Known::new(now, chrono_tz::America::Sao_Paulo, lugares, pessoas);
    let cor = empresas::etiqueta::Cor::Cinza;
    let etapa = |nome: &str, situacao, padrao| Etapa {
        id: etapa::EtapaId::new(Clock::system().uuid()),
        nome: nome.to_owned(),
        situacao,
        cor,
        posicao: 0,
        padrao,
    };
    known.etapas = vec![
        etapa("Chegou", Situacao::Nova, true),
        etapa("Em andamento", Situacao::EmAndamento, true),
        etapa("Proposta enviada", Situacao::EmAndamento, false),
        etapa("Concluída", Situacao::Concluida, true),
        etapa("Cancelada", Situacao::Cancelada, true),
    ];
    known.tipos = vec![Tipo { id: TipoId::new(Clock::system().uuid()), nome: "Curso".to_owned(), cor, prazo_dias: None }];
    known.setores = vec![Setor { id: setor::SetorId::new(Clock::system().uuid()), nome: "Educação".to_owned() }];
    known
}

fn file(especie: Especie, mapping: &[&str], lines: &[&[&str]]) -> Importacao {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    Importacao {
        id: crate::historico::ImportacaoId::new(Clock::system().uuid()),
        especie,
        file_name: "antigo.csv".into(),
        headers: texts(mapping),
        lines: (2..).zip(lines).map(|(number, cells)| Line { number, cells: texts(cells) }).collect(),
        mapping: texts(mapping),
        tipo: None,
        state: State::Previa,
        contas: crate::historico::Contas::default(),
        left_out: Vec::new(),
        actor_nome: "Ana".into(),
        created_at: DateTime::UNIX_EPOCH,
        finished_at: None,
    }
}

/// Field and code.
type Problems<'a> = &'a [(&'a str, &'a str)];

fn codes(line: &Julgada) -> Vec<(&'static str, &'static str)> {
    line.problems.iter().map(|(field, why)| (*field, why.code)).collect()
}

const VISITA: [&str; 9] = ["cnpj", "empresa", "inicio", "hora", "fim", "responsavel", "objetivo", "situacao", "motivo"];

/// S0-8.5.
#[test]
fn each_visita_says_what_is_wrong_with_it() {
    let known = known();
    let cnpj = known.lugares[1].cnpj.clone();
    let long = "x".repeat(5_001);
    let cases: [([&str; 9], Problems); 16] = [
        (["", "aurora", "10/02/2024", "", "", "diego tec", "Conhecer", "", ""], &[]),
        ([&cnpj, "", "2024-02-10 14:30", "", "16:00", "diego@senai.example", "Conhecer 🏭 ‏שלום", "Realizada", ""], &[]),
        (["", "Aurora", "10/02/2024", "8h", "9h30", "Fulano", "Outra", "CANCELADA", ""], &[]),
        (
            ["", "", "", "", "", "", "", "", ""],
            &[("empresa", "required"), ("inicio", "required"), ("responsavel", "required"), ("objetivo", "required")],
        ),
        (["11.222.333/0001-80", "Aurora", "10/02/2024", "", "", "D", "x", "", ""], &[("cnpj", "cnpj-check-digits")]),
        (["11.222.333/0001-81", "Aurora", "10/02/2024", "", "", "D", "x", "", ""], &[("cnpj", "historico-cnpj-unknown")]),
        (["", "Aurora II", "10/02/2024", "", "", "D", "x", "", ""], &[("empresa", "historico-empresa-unknown")]),
        (["", "padaria central", "10/02/2024", "", "", "D", "x", "", ""], &[("empresa", "historico-empresa-many")]),
        (["", "Aurora", "25/11/2026", "", "", "D", "x", "", ""], &[("inicio", "historico-futuro")]),
        // Today, later: it is noon.
        (["", "Aurora", "24/11/2026", "13:00", "", "D", "x", "", ""], &[("inicio", "historico-futuro")]),
        (["", "Aurora", "31/02/2024", "", "", "D", "x", "", ""], &[("inicio", "date-impossible")]),
        (["", "Aurora", "10/02/2024", "tarde", "", "D", "x", "", ""], &[("hora", "historico-hora")]),
        (["", "Aurora", "10/02/2024", "14:00", "13:00", "D", "x", "", ""], &[("fim", "visita-fim")]),
        (["", "Aurora", "10/02/2024", "", "", "D", &long, "", ""], &[("objetivo", "texto-too-long")]),
        (["", "Aurora", "10/02/2024", "", "", "D", "x", "Agendada", ""], &[("situacao", "historico-planejada")]),
        (["", "Aurora", "10/02/2024", "", "", "D", "x", "talvez", ""], &[("situacao", "historico-situacao-visita")]),
    ];
    let lines: Vec<&[&str]> = cases.iter().map(|(cells, _)| &cells[..]).collect();
    let lines = judge(&file(Especie::Visita, &VISITA, &lines), &known);
    for (line, (_, problems)) in lines.iter().zip(cases) {
        assert_eq!(codes(line), problems, "line {}", line.number);
        assert_eq!(line.pronta.is_some(), problems.is_empty());
    }
    let feita = |i: usize| match &lines[i].pronta {
        Some(Pronta::Visita(feita)) => feita,
        other => panic!("{other:?}"),
    };
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    // Only the day is known.
    assert_eq!((feita(0).horario.inicio_at, feita(0).horario.fim_at), (at("2024-02-10T12:00:00Z"), at("2024-02-10T13:00:00Z")));
    assert_eq!((feita(0).responsavel_id, feita(0).responsavel_nome.as_str()), (Some(known.pessoas[0].id), "Diego Téc"));
    assert_eq!((feita(1).horario.inicio_at, feita(1).horario.fim_at), (at("2024-02-10T17:30:00Z"), at("2024-02-10T19:00:00Z")));
    assert_eq!(feita(1).empresa, known.lugares[1].id);
    // Nobody here: the name stays, and a cancelled one has a reason, if only that there is none.
    assert!(lines[2].by_name && feita(2).responsavel_id.is_none() && feita(2).motivo.is_some());
    assert_eq!(feita(2).situacao, visita::Situacao::Cancelada);
}

#[test]
fn the_clock_of_that_day_counts() {
    // Summer time until February of 2019, and none since.
    let lines: [&[&str]; 2] = [
        &["", "Aurora", "10/01/2019", "14:00", "", "Diego Téc", "x", "", ""],
        &["", "Aurora", "10/01/2020", "14:00", "", "Diego Téc", "x", "", ""],
    ];
    let judged = judge(&file(Especie::Visita, &VISITA, &lines), &known());
    let hours: Vec<String> = judged
        .iter()
        .map(|line| match &line.pronta {
            Some(Pronta::Visita(feita)) => feita.horario.inicio_at.format("%H:%M").to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(hours, ["16:00", "17:00"]);
}

#[test]
fn what_is_there_or_came_before_does_not_come_again() {
    let mut known = known();
    let lines: [&[&str]; 4] = [
        &["", "Aurora", "10/02/2024", "", "", "Diego Téc", "Conhecer", "", ""],
        &["", "Metalurgica Aurora LTDA", "10/02/2024 9:00", "", "", "diego@senai.example", "Outra coisa", "", ""],
        &["", "Aurora", "10/02/2024", "10:00", "", "Diego Téc", "Conhecer", "", ""],
        &["", "Aurora", "10/02/2024", "", "", "Fulano", "Conhecer", "", ""],
    ];
    let file = file(Especie::Visita, &VISITA, &lines);
    let judged = judge(&file, &known);
    assert_eq!(judged.iter().map(|line| line.repetida).collect::<Vec<_>>(), [false, true, false, false]);
    assert_eq!(codes(&judged[1]), [("inicio", "historico-twice")]);
    let Some(Pronta::Visita(first)) = &judged[0].pronta else { panic!() };
    known.registered.insert(first.chave());
    let again = judge(&file, &known);
    assert_eq!(codes(&again[0]), [("inicio", "historico-registered")]);
    assert!(again[0].repetida && again[2].pronta.is_some());
    assert_ne!(seen(&judged), seen(&again), "another thing to confirm");
}

#[test]
fn one_of_several_namesakes_is_kept_by_name_unless_one_alone_is_here() {
    let known = known();
    assert_eq!(known.pessoa("ana lima").0, Some(known.pessoas[2].id));
    assert_eq!(known.pessoa("ANA@senai.example").0, Some(known.pessoas[1].id));
    assert_eq!(known.pessoa("Rui"), (None, "Rui".to_owned()));
    assert_eq!(known.pessoa("ninguem@senai.example"), (None, "ninguem@senai.example".to_owned()));
}

const DEMANDA: [&str; 10] =
    ["empresa", "titulo", "descricao", "tipo", "setor", "situacao", "valor", "registrada", "encerrada", "responsavel"];

/// S0-8.5.
#[test]
fn each_demanda_says_what_is_wrong_with_it() {
    let cases: [([&str; 10], Problems); 14] = [
        (["Aurora", "Solda", "", "curso", "educacao", "", "R$ 1.234,5", "10/02/2024", "", ""], &[]),
        (["Aurora", "", "Querem um curso\ncom doze vagas", "Curso", "", "Encerrado", "", "10/02/2024", "10/02/2024", "Rui"], &[]),
        (["Aurora", "A", "", "Curso", "", "", "", "10/02/2024", "12/02/2024", ""], &[]),
        (["Aurora", "B", "", "Curso", "", "Perdida", "", "10/02/2024", "12/02/2024", ""], &[]),
        (["Aurora", "C", "", "Curso", "", "proposta ENVIADA", "1085", "24/11/2026", "", ""], &[]),
        (
            ["", "", "", "", "", "", "", "", "", ""],
            &[("empresa", "required"), ("titulo", "required"), ("tipo", "historico-tipo-required"), ("registrada", "required")],
        ),
        (["Aurora", "D", "", "Palestra", "", "", "", "10/02/2024", "", ""], &[("tipo", "historico-tipo")]),
        (["Aurora", "D", "", "Curso", "RH", "", "", "10/02/2024", "", ""], &[("setor", "historico-setor")]),
        (["Aurora", "D", "", "Curso", "", "sei lá", "", "10/02/2024", "", ""], &[("situacao", "historico-etapa")]),
        (
            ["Aurora", "D", "", "Curso", "", "Concluída", "", "10/02/2024", "", ""],
            &[("encerrada", "historico-encerrada-required")],
        ),
        (
            ["Aurora", "D", "", "Curso", "", "Em andamento", "", "10/02/2024", "11/02/2024", ""],
            &[("encerrada", "historico-aberta")],
        ),
        (["Aurora", "D", "", "Curso", "", "", "", "10/02/2024", "09/02/2024", ""], &[("encerrada", "historico-encerrada")]),
        (["Aurora", "D", "", "Curso", "", "", "-5", "10/02/2024", "", ""], &[("valor", "reais-negative")]),
        (
            ["Aurora", "D", "", "Curso", "", "", "mil", "25/11/2026", "", ""],
            &[("valor", "reais-invalid"), ("registrada", "historico-futuro")],
        ),
    ];
    let known = known();
    let lines: Vec<&[&str]> = cases.iter().map(|(cells, _)| &cells[..]).collect();
    let mut file = file(Especie::Demanda, &DEMANDA, &lines);
    let lines = judge(&file, &known);
    for (line, (_, problems)) in lines.iter().zip(cases) {
        assert_eq!(codes(line), problems, "line {}", line.number);
    }
    let one = |i: usize| match &lines[i].pronta {
        Some(Pronta::Demanda(one)) => one,
        other => panic!("{other:?}"),
    };
    assert_eq!((one(0).etapa_nome.as_str(), one(0).descricao.as_str()), ("Chegou", "Solda"));
    assert_eq!(one(0).valor.unwrap().to_string(), "R$ 1.234,50");
    assert_eq!((one(1).titulo.as_str(), one(1).situacao), ("Querem um curso", Situacao::Concluida));
    assert_eq!(one(1).encerrada_at, Some(one(1).created_at), "on the same day");
    assert_eq!((one(2).situacao, one(3).situacao), (Situacao::Concluida, Situacao::Cancelada));
    assert!(one(3).motivo.is_some() && one(3).concluida_at().is_none() && one(2).concluida_at().is_some());
    assert_eq!(one(4).etapa_nome, "Proposta enviada");
    assert!(one(4).created_at <= known.now, "what came today came before now");

    // A tipo for those that name none.
    file.tipo = Some(known.tipos[0].id);
    assert_eq!(codes(&judge(&file, &known)[5]), [("empresa", "required"), ("titulo", "required"), ("registrada", "required")]);
}
