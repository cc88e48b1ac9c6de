use askama::DynTemplate;
use serde_json::json;
use uuid::Uuid;
use web::{
    forms::FormState,
    titular::{Efeito, Titular},
};

use super::*;

fn titular(nome: &str, full: bool) -> Titular {
    Titular {
        kind: "contato",
        id: Uuid::nil(),
        nome: nome.to_owned(),
        email: full.then(|| "sueli@aurora.example".to_owned()),
        telefone: full.then(|| "+5547999990000".to_owned()),
        sub: "Metalúrgica <b>Aurora</b>".to_owned(),
    }
}

fn dossie(nome: &str, registros: usize) -> titular::Dossie {
    let acervo: &'static web::titular::Acervo = &acesso::module().acervos[0];
    let registro = json!({ "nome": nome, "created_at": "2026-11-22T12:00:00Z", "x": [1, true], "values": { "email": "a" } });
    let partes = vec![titular::Parte { acervo, registros: vec![registro; registros] }];
    titular::Dossie { titular: titular(nome, true), partes }
}

fn receipt(frame: &Frame) -> apagamento::Apagamento {
    apagamento::Apagamento {
        id: Uuid::nil(),
        protocolo: "LGPD-20261123-0000ABCD".into(),
        titular_kind: "contato".into(),
        titular_id: Uuid::nil(),
        por_nome: true,
        efeitos: vec![
            ("conta".into(), Efeito { apagados: 1, anonimizados: 2, mantidos: 3 }),
            ("gone-since".into(), Efeito::default()),
        ],
        actor_nome: "Marina <b>Costa</b>".into(),
        created_at: frame.now,
        reapplied_at: Some(frame.now),
    }
}

fn pages(frame: &Frame) -> Vec<Box<dyn DynTemplate>> {
    let modules = [acesso::module()];
    let long = "Maximiliano ".repeat(40);
    let done = receipt(frame);
    let search = |asked: &str, found| {
        titular::pages::TitularesPage::new(frame.clone(), asked.to_owned(), found, None, |_| "titular-usuario")
    };
    let erase = |person: Titular, por_nome| {
        let form = FormState::from_body(b"confirmacao=%3Cb%3ECosta");
        apagamento::pages::ApagarPage::new(frame.clone(), &modules, form, person, por_nome, &done.efeitos)
    };
    vec![
        Box::new(mapa::pages::MapaPage::new(frame.clone())),
        Box::new(search("", Vec::new())),
        Box::new(search("<b>Costa", Vec::new())),
        Box::new(search("a", Vec::new())),
        Box::new(search("sueli", vec![titular("<b>Costa</b>", false), titular(&long, true)])),
        Box::new(titular::pages::DossiePage::new(frame.clone(), &dossie("<b>Costa</b>", 100), (true, true), None)),
        Box::new(titular::pages::DossiePage::new(frame.clone(), &dossie(&long, 1), (false, false), None)),
        Box::new(erase(titular("<b>Costa</b>", true), true)),
        Box::new(erase(titular(&long, false), false)),
        Box::new(apagamento::pages::RecibosPage::new(frame.clone(), &[])),
        Box::new(apagamento::pages::RecibosPage::new(frame.clone(), std::slice::from_ref(&done))),
        Box::new(apagamento::pages::ReciboPage::new(frame.clone(), &modules, &done)),
    ]
}

fn pedido(frame: &Frame, situacao: pedido::Situacao, long: &str) -> pedido::Pedido {
    let (waits, open) = (situacao == pedido::Situacao::AConfirmar, situacao.is_open());
    let answered = !waits && !open;
    pedido::Pedido {
        id: pedido::PedidoId::new(Uuid::nil()),
        protocolo: "PED-20261123-0000ABCD".into(),
        tipo: pedido::Tipo::Eliminacao,
        origem: pedido::Origem::Formulario,
        situacao,
        nome: format!("<b>Costa {long}"),
        email: open.then(|| "a@b.example".into()),
        telefone: Some("+5547999990000".into()),
        texto: Some("<b>Costa pede".into()),
        lang: kernel::Lang::En,
        usuario_id: None,
        titular: open.then(|| ("contato".into(), Uuid::nil())),
        apagamento_id: answered.then(Uuid::nil),
        created_at: frame.now,
        recebido_at: (!waits).then_some(frame.now),
        data_limite: (!waits).then(|| frame.now.date_naive()),
        resposta: answered.then(|| format!("<b>Costa {long}")),
        fundamento: answered.then(|| "Art. 16, I".into()),
        respondido_at: answered.then_some(frame.now),
        respondido_por_nome: answered.then(|| "<b>Costa</b>".into()),
        registrado_por_nome: None,
        apagar_depois: open,
    }
}

fn pages_of_pedidos(frame: &Frame) -> Vec<Box<dyn DynTemplate>> {
    use pedido::{
        Prazo, Situacao, pages, publico,
        sql::{Filtro, Which},
    };

    let long = "longo ".repeat(15);
    let today = frame.now.date_naive();
    let all: Vec<_> = Situacao::ALL.iter().map(|one| pedido(frame, *one, &long)).collect();
    let quem = encarregado::Encarregado {
        nome: "<b>Costa</b>".parse().unwrap(),
        email: "dpo@b.example".parse().unwrap(),
        telefone: Some("4733330000".parse().unwrap()),
    };
    let mut wrong = FormState::typed([("nome", "<b>Costa"), ("email", "<b>Costa"), ("tipo", "rei")]);
    pages::novo(&mut wrong, true);
    let listed =
        |filtro, all: &[_], counts, never| pages::lista::PedidosPage::new(frame.clone(), filtro, all, counts, never, today);
    let narrow =
        Filtro { which: Which::Soon, situacao: Some(Situacao::Recebido), prazo: Some(Prazo::Vencido), busca: "<b>Costa".into() };
    let many = vec![all[3].clone(); 201];
    let mut made: Vec<Box<dyn DynTemplate>> = vec![
        Box::new(listed(Filtro::default(), &[], (0, 0), true)),
        Box::new(listed(narrow, &[], (3, 0), false)),
        Box::new(listed(Filtro { which: Which::All, ..Filtro::default() }, &all, (2, 1), false)),
        Box::new(listed(Filtro { which: Which::Answered, ..Filtro::default() }, &many, (2, 1), false)),
        Box::new(pages::PedidoFormPage::new(frame.clone(), wrong)),
        Box::new(publico::ContaPage::new(frame.clone(), FormState::new(), all.clone(), posicoes(frame), Some(quem.clone()))),
        Box::new(publico::ContaPage::new(frame.clone(), FormState::new(), Vec::new(), Vec::new(), None)),
        Box::new(encarregado::pages::EncarregadoPage::new(frame.clone(), FormState::new(), false)),
    ];
    for asked in [false, true] {
        let reach = asked.then(|| quem.clone());
        made.push(Box::new(publico::PublicoPage::new(frame.clone(), FormState::new(), reach, asked)));
    }
    for one in all {
        let action = "/privacidade/pedidos/x".to_owned();
        made.push(Box::new(publico::AndamentoPage::new(frame.clone(), one.clone(), action, Some(quem.clone()))));
        for may in [(false, false), (true, true)] {
            let theirs = (consentimentos(frame), consentimentos(frame));
            made.push(Box::new(pages::show::PedidoPage::new(frame.clone(), FormState::new(), one.clone(), today, may, theirs)));
        }
    }
    made
}

fn finalidade(frame: &Frame, versao: i32, over: bool) -> consentimento::Finalidade {
    consentimento::Finalidade {
        id: consentimento::FinalidadeId::new(Uuid::nil()),
        versao,
        titulo: "<b>Costa ".repeat(13),
        texto: "<b>Costa\n\nb".into(),
        encerrado_at: over.then_some(frame.now),
        created_at: frame.now,
    }
}

/// Nothing given, given, given to other words that count or not, taken back, over.
fn posicoes(frame: &Frame) -> Vec<consentimento::Posicao> {
    let dado =
        |versao, vale| consentimento::Dado { versao, titulo: "<b>Costa".into(), texto: "<b>Costa".into(), at: frame.now, vale };
    let all = [(None, false), (Some(dado(2, true)), false), (Some(dado(1, true)), false), (Some(dado(1, false)), false)];
    let mut all: Vec<_> = all.into_iter().chain([(Some(dado(2, false)), true), (None, true)]).collect();
    all.push((None, false));
    let last = all.len() - 1;
    let posicao = |(i, (dado, over)): (usize, (Option<consentimento::Dado>, bool))| consentimento::Posicao {
        finalidade: finalidade(frame, 2, over),
        dado,
        retirado_at: (i == last).then_some(frame.now),
    };
    all.into_iter().enumerate().map(posicao).collect()
}

/// One of each situação.
fn consentimentos(frame: &Frame) -> Vec<consentimento::Consentimento> {
    use consentimento::{Consentimento, ConsentimentoId, FinalidadeId, Meio, Retirada, Retirado, Situacao};

    let one = |situacao: &Situacao| Consentimento {
        id: ConsentimentoId::new(Uuid::nil()),
        protocolo: "CON-20261123-0000ABCD".into(),
        finalidade: FinalidadeId::new(Uuid::nil()),
        versao: 1,
        titulo: "<b>Costa".into(),
        titular: (*situacao == Situacao::Vale).then(|| titular::TitularRef { kind: "contato".into(), id: Uuid::nil() }),
        nome: "<b>Costa".into(),
        email: (*situacao != Situacao::Retirado).then(|| "a@b.example".into()),
        meio: Meio::Anotado,
        evidencia: Some("<b>Costa ".repeat(80)),
        dado_at: frame.now,
        registrado_por_nome: Some("<b>Costa".into()),
        retirado: (*situacao == Situacao::Retirado).then(|| Retirado {
            at: frame.now,
            meio: Retirada::Anotado,
            evidencia: Some("<b>Costa".into()),
            por_nome: Some("<b>Costa".into()),
        }),
        situacao: *situacao,
    };
    Situacao::ALL.iter().map(one).collect()
}

fn pages_of_consentimentos(frame: &Frame) -> Vec<Box<dyn DynTemplate>> {
    use consentimento::{
        Convidado, FinalidadeId, Quem, Resposta, Versao, pages,
        publico::EscolhaPage,
        sql::{Contagem, Which},
    };

    let id = FinalidadeId::new(Uuid::nil());
    let counts = Contagem { vale: 2, anterior: 3, retirado: 1 };
    let versao = |versao| Versao {
        versao,
        titulo: "<b>Costa".into(),
        texto: "<b>Costa\n\nb".into(),
        renovar: versao == 2,
        created_at: frame.now,
        created_by_nome: "<b>Costa".into(),
    };
    let visto = |versoes: Vec<i32>, registros, counts, over, person: bool, de_antes| pages::finalidade::Visto {
        finalidade: finalidade(frame, 2, over),
        versoes: versoes.into_iter().map(versao).collect(),
        registros,
        counts,
        which: Which::All,
        asked: if person { "<b>Costa".into() } else { String::new() },
        titular: person.then(|| titular("<b>Costa</b>", true)),
        de_antes,
    };
    let show = |visto| pages::finalidade::FinalidadePage::new(frame.clone(), FormState::new(), visto);
    let all = [(finalidade(frame, 1, false), counts), (finalidade(frame, 1, true), Contagem::default())];
    let (none, open) = (Contagem::default(), finalidade(frame, 2, false));
    let wrong = FormState::typed([("nome", "<b>Costa"), ("email", "<b>Costa"), ("titulo", "<b>Costa")]);
    let ask = |person: bool, noted| {
        let titular = person.then(|| titular("<b>Costa</b>", noted));
        pages::form::ConsentimentoFormPage::new(frame.clone(), wrong.clone(), &open, titular, noted)
    };
    let mut made: Vec<Box<dyn DynTemplate>> = vec![
        Box::new(pages::finalidade::FinalidadesPage::new(frame.clone(), &[], None)),
        Box::new(pages::finalidade::FinalidadesPage::new(frame.clone(), &all, Some(titular("<b>Costa</b>", true)))),
        Box::new(pages::texto::FinalidadeFormPage::new(frame.clone(), wrong.clone(), None)),
        Box::new(pages::texto::FinalidadeFormPage::new(frame.clone(), wrong.clone(), Some((id, 2)))),
        Box::new(show(visto(vec![1], Vec::new(), none, false, false, 0))),
        Box::new(show(visto(vec![2, 1], consentimentos(frame), counts, false, true, 1200))),
        Box::new(show(visto(vec![2, 1], Vec::new(), counts, true, false, 0))),
    ];
    made.extend([(true, true), (true, false), (false, true), (false, false)].map(|(person, noted)| {
        let page: Box<dyn DynTemplate> = Box::new(ask(person, noted));
        page
    }));
    for one in consentimentos(frame) {
        made.push(Box::new(pages::show::ConsentimentoPage::new(frame.clone(), FormState::new(), &one, "<b>Costa\n\nb", true)));
    }
    for (i, posicao) in posicoes(frame).into_iter().enumerate() {
        let quem = Quem::email(&"a@b.example".parse().unwrap());
        let resposta = (i == 0).then_some(Resposta::Recusado);
        let found = Convidado { carta: Uuid::nil(), finalidade: id, quem, nome: "<b>Costa".into(), open: i % 2 == 0, resposta };
        let action = "/privacidade/consentimentos/x".to_owned();
        made.push(Box::new(EscolhaPage::new(frame.clone(), FormState::new(), action, &found, posicao, None)));
    }
    made
}

fn incidente(frame: &Frame, decisao: Option<incidente::Decisao>, told: bool) -> incidente::Incidente {
    let text = || Some("<b>Costa ".repeat(40));
    incidente::Incidente {
        id: incidente::IncidenteId::new(Uuid::nil()),
        protocolo: "INC-20261123-0000ABCD".into(),
        titulo: "<b>Costa</b>".into(),
        descricao: "<b>Costa".into(),
        inicio_at: Some(frame.now),
        conhecido_at: frame.now,
        dados: vec!["contato".into(), "gone-since".into()],
        riscos: if told { Vec::new() } else { vec!["sigilo".into()] },
        afetados: told.then_some(1200),
        consequencias: text(),
        medidas_antes: text(),
        contencao: None,
        medidas_depois: None,
        decisao,
        justificativa: decisao.and_then(|_| text()),
        decidido_at: decisao.map(|_| frame.now),
        anpd_at: told.then_some(frame.now),
        anpd_protocolo: told.then(|| "<b>Costa".into()),
        titulares_at: told.then_some(frame.now),
        titulares_meio: text(),
        encerrado_at: None,
        registrado_por_nome: "<b>Costa".into(),
        created_at: frame.now,
        lembrete: 0,
        version: 1,
    }
}

fn pages_of_incidentes(frame: &Frame) -> Vec<Box<dyn DynTemplate>> {
    use incidente::{Decisao, pages, sql::Destinatario};

    let zone = chrono_tz::America::Sao_Paulo;
    let mut all = vec![
        incidente(frame, None, false),
        incidente(frame, Some(Decisao::Comunicar), false),
        incidente(frame, Some(Decisao::Comunicar), true),
        incidente(frame, Some(Decisao::NaoComunicar), false),
    ];
    for days in [1, 3, 9] {
        let known = frame.now - chrono::TimeDelta::days(days);
        all.push(incidente::Incidente { conhecido_at: known, ..incidente(frame, None, false) });
    }
    all.push(incidente::Incidente { encerrado_at: Some(frame.now), ..all[2].clone() });
    let passo = incidente::Passo {
        kind: "nota".into(),
        texto: Some("<b>Costa".into()),
        actor_nome: "<b>Costa".into(),
        created_at: frame.now,
    };
    let person = Destinatario { kind: "contato".into(), id: Uuid::nil(), nome: "<b>Costa".into(), email: "a@b.example".into() };
    let id = incidente::IncidenteId::new(Uuid::nil());
    let letter = |shown| {
        let form = FormState::new().with("assunto", "<b>Costa").with("texto", "<b>Costa\n\nb");
        pages::carta::CartaPage::new(frame.clone(), form, (id, "<b>Costa".into()), shown)
    };
    let mut made: Vec<Box<dyn DynTemplate>> = vec![
        Box::new(pages::IncidentesPage::new(frame.clone(), &[], zone)),
        Box::new(pages::IncidentesPage::new(frame.clone(), &all, zone)),
        Box::new(pages::form::IncidenteFormPage::new(frame.clone(), FormState::new(), None)),
        Box::new(pages::form::IncidenteFormPage::new(frame.clone(), FormState::new().with("dados", "contato"), Some((id, 2)))),
        Box::new(letter(None)),
        Box::new(letter(Some((vec![person; 40], vec!["x@y.example".into()])))),
    ];
    for one in all {
        let cartas = vec![("<b>Costa".to_owned(), frame.now, [1, 2, 3])];
        let page =
            pages::show::IncidentePage::new(frame.clone(), FormState::new(), one, zone, std::slice::from_ref(&passo), cartas);
        made.push(Box::new(page));
    }
    made
}

#[test]
fn every_page_renders_in_every_frame() {
    for frame in Frame::samples() {
        let all = [pages(&frame), pages_of_pedidos(&frame), pages_of_incidentes(&frame), pages_of_consentimentos(&frame)];
        for page in all.into_iter().flatten() {
            let page = page.dyn_render().unwrap();
            assert!(page.contains("</html>") && !page.contains("/assets/missing"));
            assert!(!page.contains("<b>Costa") && !page.contains("<b>Aurora"), "what people type is text");
            assert!(!page.contains(" style=\"") && !page.contains(" onclick="), "the content security policy forbids them");
        }
    }
}

/// For everybody, or for everybody who is signed in.
const OPEN: [&str; 5] = [
    "/privacidade",
    "/privacidade/pedidos/{token}",
    "/privacidade/consentimentos/{token}",
    "/conta/privacidade",
    "/conta/privacidade/consentimentos/{finalidade}",
];

#[test]
fn routes_and_permissions_are_declared() {
    let module = module();
    assert!((module.schedules)().is_ok_and(|all| all.len() == 2));
    let permissions: Vec<_> = module.permissions.iter().map(|info| info.permission.clone()).collect();
    for route in module.route_infos() {
        let web::Access::Needs(needed) = &route.access else {
            assert!(OPEN.contains(&route.path), "{} is open", route.path);
            continue;
        };
        assert!(permissions.contains(needed), "{} needs {needed}, which the module does not declare", route.path);
        assert_eq!(route.path.matches('{').count(), route.ids.len(), "{}", route.path);
    }
}
