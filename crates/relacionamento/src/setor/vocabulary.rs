//! What [`web::vocabulary`] must know of setores; the rest of their pages and commands is there.

use acesso::configuracoes::below;
use kernel::Permission;
use serde::Serialize;
use serde_json::{Value, json};
use tenancy::TenantTx;
use web::{
    forms::FormState,
    frame::Frame,
    vocabulary::{Asked, Events, Field, Routes, Term, TermId, Use, Vocabulary, Words},
};

use super::{GERIR, SetorEntity, SetorId, SetorNome, Uso, sql};
use crate::distribuicao;

/// The list of setores.
#[derive(Debug)]
pub struct Setores;

/// What can be said of a setor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dados {
    pub nome: SetorNome,
}

impl Vocabulary for Setores {
    type Entity = SetorEntity;
    type Dados = Dados;

    const GERIR: Permission = GERIR;
    const ROUTES: Routes = Routes {
        list: "/configuracoes/setores",
        one: "/configuracoes/setores/{id}",
        merge: "/configuracoes/setores/{id}/mesclar",
        delete: "/configuracoes/setores/{id}/excluir",
        sample_one: "/configuracoes/setores/{setor}",
        sample_merge: "/configuracoes/setores/{setor}/mesclar",
        sample_delete: "/configuracoes/setores/{setor.livre}/excluir",
        adding: "nome=Metrologia",
        changing: "nome=Metrologia",
        merging: "em={setor.outro}",
    };
    const EVENTS: Events = Events {
        added: "setor.registrado",
        changed: "setor.alterado",
        merged: "setor.mesclado",
        deleted: "setor.excluido",
        counted: "demandas",
    };
    const WORDS: &'static Words = &Words {
        icon: "diagram-3",
        title: "setores-title",
        sub: "setores-sub",
        term: "demanda-setor",
        users: "demandas-title",
        none: "setores-none",
        none_hint: "setores-none-hint",
        change: "setor-change",
        merge: "setor-merge",
        merge_help: "setor-merge-help",
        merge_question: "setor-merge-question",
        into: "setor-into",
        delete: "setor-delete",
        delete_question: "setor-delete-question",
        in_use: "setor-in-use",
        toast_added: "toast-setor-registrado",
        toast_changed: "toast-setor-alterado",
        toast_merged: "toast-setor-mesclado",
        toast_deleted: "toast-setor-excluido",
    };
    const FIELDS: &'static [Field] = &[Field::nome("vocabulary-nome", "setor-new", 80)];
    const COMES_OFF: bool = false;

    fn below(frame: Frame) -> Frame {
        below(frame)
    }

    fn read<'a>(_: &'a mut TenantTx, form: &'a mut FormState) -> Asked<'a, Option<Dados>> {
        let dados = form.required("nome").map(|nome| Dados { nome });
        Box::pin(async { Ok(dados) })
    }

    fn fill<'a>(_: &'a mut TenantTx, facts: &'a Value) -> Asked<'a, FormState> {
        let form = FormState::new().with("nome", facts["nome"].as_str().unwrap_or_default());
        Box::pin(async { Ok(form) })
    }

    fn all(tx: &mut TenantTx) -> Asked<'_, Vec<Term<Self>>> {
        Box::pin(async { Ok(sql::usos(tx).await?.into_iter().map(Uso::term).collect()) })
    }

    fn one(tx: &mut TenantTx, id: SetorId) -> Asked<'_, Option<Term<Self>>> {
        Box::pin(async move { Ok(sql::usos(tx).await?.into_iter().find(|uso| uso.id == id).map(Uso::term)) })
    }

    fn lock<'a>(tx: &'a mut TenantTx, ids: &'a [SetorId]) -> Asked<'a, Vec<(SetorId, Value)>> {
        Box::pin(async move { Ok(sql::lock(tx, ids).await?.into_iter().map(|uso| (uso.id, facts(&uso))).collect()) })
    }

    fn before(tx: &mut TenantTx, id: SetorId) -> Asked<'_, ()> {
        Box::pin(sql::hold_demandas(tx, id))
    }

    fn insert<'a>(tx: &'a mut TenantTx, dados: &'a Dados) -> Asked<'a, Option<TermId<Self>>> {
        Box::pin(sql::insert(tx, dados))
    }

    fn update<'a>(tx: &'a mut TenantTx, id: SetorId, dados: &'a Dados) -> Asked<'a, bool> {
        Box::pin(sql::update(tx, id, dados))
    }

    fn give(tx: &mut TenantTx, from: SetorId, into: SetorId) -> Asked<'_, u64> {
        Box::pin(async move {
            distribuicao::sql::follow_setor(tx, from, into).await?;
            sql::move_demandas(tx, from, into).await
        })
    }

    fn delete(tx: &mut TenantTx, id: SetorId) -> Asked<'_, ()> {
        Box::pin(sql::delete(tx, id))
    }

    fn sample(n: u8) -> Term<Self> {
        Uso {
            id: SetorId::new(uuid::Uuid::from_u128(n.into())),
            nome: "Metrologia <b>Aurora</b> ".repeat(2),
            demandas: i64::from(n) * 700,
            excluidas: 0,
        }
        .term()
    }
}

fn facts(uso: &Uso) -> Value {
    json!({ "nome": uso.nome })
}

impl Uso {
    fn term(self) -> Term<Setores> {
        Term {
            id: self.id,
            facts: facts(&self),
            chip: String::new(),
            stays: false,
            uses: vec![
                Use { n: self.demandas, text: "demandas-count", href: format!("/demandas?setor={}", self.id) },
                Use { n: self.excluidas, text: "demandas-na-lixeira", href: "/lixeira?tipo=demanda".to_owned() },
            ],
            nome: self.nome,
        }
    }
}
