//! What [`web::vocabulary`] must know of etapas; the rest of their pages and commands is there.

use acesso::configuracoes::below;
use empresas::etiqueta::{COR, Cor};
use kernel::Permission;
use serde::Serialize;
use serde_json::{Value, json};
use tenancy::TenantTx;
use web::{
    forms::{Choice, FormState},
    frame::Frame,
    vocabulary::{Asked, Events, Field, Offer, Order, Routes, Stays, Term, TermId, Use, Vocabulary, When, Words},
};

use super::{EtapaEntity, EtapaId, EtapaNome, GERIR, Situacao, Uso, sql};

/// The list of etapas, under a heading for each situação.
#[derive(Debug)]
pub struct Etapas;

/// What can be said of an etapa; its situação once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dados {
    pub nome: EtapaNome,
    pub situacao: Situacao,
    pub cor: Cor,
}

impl Vocabulary for Etapas {
    type Entity = EtapaEntity;
    type Dados = Dados;

    const GERIR: Permission = GERIR;
    const ROUTES: Routes = Routes {
        list: "/configuracoes/etapas",
        one: "/configuracoes/etapas/{id}",
        merge: "/configuracoes/etapas/{id}/mesclar",
        delete: "/configuracoes/etapas/{id}/excluir",
        sample_one: "/configuracoes/etapas/{demanda_etapa}",
        sample_merge: "/configuracoes/etapas/{demanda_etapa}/mesclar",
        sample_delete: "/configuracoes/etapas/{demanda_etapa.livre}/excluir",
        adding: "nome=Em+testes&situacao=em_andamento&cor=roxo",
        changing: "nome=Em+testes&cor=roxo",
        merging: "em={etapa.andamento}",
    };
    const EVENTS: Events = Events {
        added: "demanda_etapa.registrada",
        changed: "demanda_etapa.alterada",
        merged: "demanda_etapa.mesclada",
        deleted: "demanda_etapa.excluida",
        counted: "demandas",
    };
    const WORDS: &'static Words = &Words {
        icon: "kanban",
        title: "etapas-title",
        sub: "etapas-sub",
        term: "demanda-etapa",
        users: "demandas-title",
        none: "etapas-none",
        none_hint: "etapas-none-hint",
        change: "etapa-change",
        merge: "etapa-merge",
        merge_help: "etapa-merge-help",
        merge_question: "etapa-merge-question",
        into: "etapa-into",
        delete: "etapa-delete",
        delete_question: "etapa-delete-question",
        in_use: "etapa-in-use",
        toast_added: "toast-etapa-registrada",
        toast_changed: "toast-etapa-alterada",
        toast_merged: "toast-etapa-mesclada",
        toast_deleted: "toast-etapa-excluida",
    };
    const FIELDS: &'static [Field] = &[
        Field::nome("vocabulary-nome", "etapa-new", 40),
        Field {
            name: "situacao",
            label: "demanda-situacao",
            label_new: "demanda-situacao",
            help: "etapa-situacao-help",
            required: true,
            max: 0,
            when: When::Once,
            offer: Offer::Words(situacoes),
            more: None,
        },
        COR,
    ];
    const COMES_OFF: bool = false;
    /// A rule always has somewhere to go.
    const STAYS: Stays = Stays { badge: "etapa-padrao", why: "etapa-padrao-help" };
    const ORDER: Option<Order> = Some(Order {
        path: "/configuracoes/etapas/{id}/mover",
        sample: "/configuracoes/etapas/{demanda_etapa}/mover",
        event: "demanda_etapa.movida",
        toast: "toast-etapa-movida",
    });

    fn below(frame: Frame) -> Frame {
        below(frame)
    }

    fn read<'a>(_: &'a mut TenantTx, form: &'a mut FormState) -> Asked<'a, Option<Dados>> {
        let nome = form.required("nome");
        let situacao = form.choice("situacao", Situacao::from_code);
        let cor = form.choice("cor", Cor::from_code);
        let dados = nome.zip(situacao).zip(cor).map(|((nome, situacao), cor)| Dados { nome, situacao, cor });
        Box::pin(async { Ok(dados) })
    }

    fn fill<'a>(_: &'a mut TenantTx, facts: &'a Value) -> Asked<'a, FormState> {
        let fields = ["nome", "situacao", "cor"].into_iter();
        let form = fields.fold(FormState::new(), |form, key| form.with(key, facts[key].as_str().unwrap_or_default()));
        Box::pin(async { Ok(form) })
    }

    fn heading(facts: &Value) -> &'static str {
        facts["situacao"].as_str().and_then(Situacao::from_code).map_or("", Situacao::label)
    }

    fn all(tx: &mut TenantTx) -> Asked<'_, Vec<Term<Self>>> {
        Box::pin(async { Ok(sql::usos(tx).await?.into_iter().map(Uso::term).collect()) })
    }

    fn one(tx: &mut TenantTx, id: EtapaId) -> Asked<'_, Option<Term<Self>>> {
        Box::pin(async move { Ok(sql::usos(tx).await?.into_iter().find(|uso| uso.id == id).map(Uso::term)) })
    }

    fn lock<'a>(tx: &'a mut TenantTx, ids: &'a [EtapaId]) -> Asked<'a, Vec<(EtapaId, Value)>> {
        Box::pin(sql::lock(tx, ids))
    }

    fn before(tx: &mut TenantTx, id: EtapaId) -> Asked<'_, ()> {
        Box::pin(sql::hold_demandas(tx, id))
    }

    fn insert<'a>(tx: &'a mut TenantTx, dados: &'a Dados) -> Asked<'a, Option<TermId<Self>>> {
        Box::pin(sql::insert(tx, dados))
    }

    fn update<'a>(tx: &'a mut TenantTx, id: EtapaId, dados: &'a Dados) -> Asked<'a, bool> {
        Box::pin(sql::update(tx, id, dados))
    }

    fn give(tx: &mut TenantTx, from: EtapaId, into: EtapaId) -> Asked<'_, u64> {
        Box::pin(sql::move_demandas(tx, from, into))
    }

    fn delete(tx: &mut TenantTx, id: EtapaId) -> Asked<'_, ()> {
        Box::pin(sql::delete(tx, id))
    }

    fn peers(tx: &mut TenantTx, id: EtapaId) -> Asked<'_, Vec<EtapaId>> {
        Box::pin(sql::peers(tx, id))
    }

    fn arrange<'a>(tx: &'a mut TenantTx, ids: &'a [EtapaId]) -> Asked<'a, ()> {
        Box::pin(sql::arrange(tx, ids))
    }

    fn sample(n: u8) -> Term<Self> {
        Uso {
            id: EtapaId::new(uuid::Uuid::from_u128(n.into())),
            nome: "Proposta <b>Aurora</b> enviada ".repeat(2),
            situacao: Situacao::ALL[usize::from(n) / 20 % 4].code().to_owned(),
            cor: Cor::ALL[usize::from(n) % Cor::ALL.len()].code().to_owned(),
            padrao: n.is_multiple_of(20),
            demandas: i64::from(n) * 700,
            excluidas: 0,
            passadas: i64::from(n) / 2,
        }
        .term()
    }
}

pub(super) fn facts(nome: &str, situacao: &str, cor: &str) -> Value {
    json!({ "nome": nome, "situacao": situacao, "cor": cor })
}

impl Uso {
    fn term(self) -> Term<Etapas> {
        Term {
            id: self.id,
            facts: facts(&self.nome, &self.situacao, &self.cor),
            chip: format!("etiqueta-{}", self.cor),
            stays: self.padrao,
            uses: vec![
                Use { n: self.demandas, text: "demandas-count", href: format!("/demandas?etapa={}", self.id) },
                Use { n: self.excluidas, text: "demandas-na-lixeira", href: "/lixeira?tipo=demanda".to_owned() },
                Use { n: self.passadas, text: "etapa-passadas", href: String::new() },
            ],
            nome: self.nome,
        }
    }
}

/// What an etapa may stand for.
fn situacoes(frame: &Frame) -> Vec<Choice> {
    Situacao::ALL.iter().map(|situacao| Choice::new(situacao.code(), frame.t(situacao.label()))).collect()
}
