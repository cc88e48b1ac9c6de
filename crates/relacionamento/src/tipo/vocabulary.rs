//! What [`web::vocabulary`] must know of tipos; the rest of their pages and commands is there.

use std::str::FromStr;

use acesso::configuracoes::below;
use empresas::etiqueta::{COR, Cor};
use kernel::{Invalid, Permission};
use serde::Serialize;
use serde_json::{Value, json};
use tenancy::TenantTx;
use web::{
    forms::FormState,
    frame::Frame,
    vocabulary::{Asked, Events, Field, Offer, Routes, Term, TermId, Use, Vocabulary, When, Words},
};

use super::{GERIR, TipoEntity, TipoId, TipoNome, Uso, sql};
use crate::distribuicao;

/// The list of tipos.
#[derive(Debug)]
pub struct Tipos;

/// What can be said of a tipo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dados {
    pub nome: TipoNome,
    pub cor: Cor,
    /// Dias úteis, 1 to 365.
    pub prazo_dias: Option<i32>,
}

impl Vocabulary for Tipos {
    type Entity = TipoEntity;
    type Dados = Dados;

    const GERIR: Permission = GERIR;
    const ROUTES: Routes = Routes {
        list: "/configuracoes/tipos",
        one: "/configuracoes/tipos/{id}",
        merge: "/configuracoes/tipos/{id}/mesclar",
        delete: "/configuracoes/tipos/{id}/excluir",
        sample_one: "/configuracoes/tipos/{demanda_tipo}",
        sample_merge: "/configuracoes/tipos/{demanda_tipo}/mesclar",
        sample_delete: "/configuracoes/tipos/{demanda_tipo.livre}/excluir",
        adding: "nome=Ensaio&cor=roxo",
        changing: "nome=Ensaio&cor=roxo&prazo_dias=12",
        merging: "em={demanda_tipo.outro}",
    };
    const EVENTS: Events = Events {
        added: "demanda_tipo.registrado",
        changed: "demanda_tipo.alterado",
        merged: "demanda_tipo.mesclado",
        deleted: "demanda_tipo.excluido",
        counted: "demandas",
    };
    const WORDS: &'static Words = &Words {
        icon: "inbox",
        title: "tipos-title",
        sub: "tipos-sub",
        term: "demanda-tipo",
        users: "demandas-title",
        none: "tipos-none",
        none_hint: "tipos-none-hint",
        change: "tipo-change",
        merge: "tipo-merge",
        merge_help: "tipo-merge-help",
        merge_question: "tipo-merge-question",
        into: "tipo-into",
        delete: "tipo-delete",
        delete_question: "tipo-delete-question",
        in_use: "tipo-in-use",
        toast_added: "toast-tipo-registrado",
        toast_changed: "toast-tipo-alterado",
        toast_merged: "toast-tipo-mesclado",
        toast_deleted: "toast-tipo-excluido",
    };
    const FIELDS: &'static [Field] = &[
        Field::nome("vocabulary-nome", "tipo-new", 80),
        Field {
            name: "prazo_dias",
            label: "tipo-prazo",
            label_new: "tipo-prazo",
            help: "tipo-prazo-help",
            required: false,
            max: 3,
            when: When::Later,
            offer: Offer::Typed,
            more: None,
        },
        COR,
    ];
    const COMES_OFF: bool = false;

    fn below(frame: Frame) -> Frame {
        below(frame)
    }

    fn read<'a>(_: &'a mut TenantTx, form: &'a mut FormState) -> Asked<'a, Option<Dados>> {
        let (nome, cor) = (form.required("nome"), form.choice("cor", Cor::from_code));
        let prazo = form.optional::<Dias>("prazo_dias");
        let dados = nome.zip(cor).zip(prazo);
        let dados = dados.map(|((nome, cor), prazo)| Dados { nome, cor, prazo_dias: prazo.map(|dias| dias.0) });
        Box::pin(async { Ok(dados) })
    }

    fn fill<'a>(_: &'a mut TenantTx, facts: &'a Value) -> Asked<'a, FormState> {
        let of = |key: &str| facts[key].as_str().unwrap_or_default();
        let form = FormState::new().with("nome", of("nome")).with("cor", of("cor"));
        let form = form.with_some("prazo_dias", facts["prazo_dias"].as_i64());
        Box::pin(async { Ok(form) })
    }

    fn all(tx: &mut TenantTx) -> Asked<'_, Vec<Term<Self>>> {
        Box::pin(async { Ok(sql::usos(tx).await?.into_iter().map(Uso::term).collect()) })
    }

    fn one(tx: &mut TenantTx, id: TipoId) -> Asked<'_, Option<Term<Self>>> {
        Box::pin(async move { Ok(sql::usos(tx).await?.into_iter().find(|uso| uso.id == id).map(Uso::term)) })
    }

    fn lock<'a>(tx: &'a mut TenantTx, ids: &'a [TipoId]) -> Asked<'a, Vec<(TipoId, Value)>> {
        Box::pin(async move { Ok(sql::lock(tx, ids).await?.into_iter().map(|uso| (uso.id, facts(&uso))).collect()) })
    }

    fn before(tx: &mut TenantTx, id: TipoId) -> Asked<'_, ()> {
        Box::pin(sql::hold_demandas(tx, id))
    }

    fn insert<'a>(tx: &'a mut TenantTx, dados: &'a Dados) -> Asked<'a, Option<TermId<Self>>> {
        Box::pin(sql::insert(tx, dados))
    }

    fn update<'a>(tx: &'a mut TenantTx, id: TipoId, dados: &'a Dados) -> Asked<'a, bool> {
        Box::pin(sql::update(tx, id, dados))
    }

    fn give(tx: &mut TenantTx, from: TipoId, into: TipoId) -> Asked<'_, u64> {
        Box::pin(async move {
            distribuicao::sql::follow_tipo(tx, from, into).await?;
            sql::move_demandas(tx, from, into).await
        })
    }

    fn delete(tx: &mut TenantTx, id: TipoId) -> Asked<'_, ()> {
        Box::pin(sql::delete(tx, id))
    }

    fn sample(n: u8) -> Term<Self> {
        Uso {
            id: TipoId::new(uuid::Uuid::from_u128(n.into())),
            nome: "Ensaio <b>Aurora</b> ".repeat(2),
            cor: Cor::ALL[usize::from(n) % Cor::ALL.len()].code().to_owned(),
            prazo_dias: (n > 1).then_some(10),
            demandas: i64::from(n) * 700,
            excluidas: 0,
        }
        .term()
    }
}

/// A number of dias úteis within a year.
#[derive(Debug, PartialEq, Eq)]
struct Dias(i32);

impl FromStr for Dias {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        text.parse().ok().filter(|days| (1..=365).contains(days)).map(Self).ok_or_else(|| Invalid::new("tipo-prazo"))
    }
}

fn facts(uso: &Uso) -> Value {
    json!({ "nome": uso.nome, "cor": uso.cor, "prazo_dias": uso.prazo_dias })
}

impl Uso {
    fn term(self) -> Term<Tipos> {
        Term {
            id: self.id,
            facts: facts(&self),
            chip: format!("etiqueta-{}", self.cor),
            stays: false,
            uses: vec![
                Use { n: self.demandas, text: "demandas-count", href: format!("/demandas?tipo={}", self.id) },
                Use { n: self.excluidas, text: "demandas-na-lixeira", href: "/lixeira?tipo=demanda".to_owned() },
            ],
            nome: self.nome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dias_are_a_number_of_a_year() {
        assert_eq!(("12".parse(), "365".parse()), (Ok(Dias(12)), Ok(Dias(365))));
        for bad in ["0", "366", "-1", "1,5", "dez"] {
            assert_eq!(bad.parse::<Dias>().unwrap_err().code, "tipo-prazo", "{bad}");
        }
    }
}
