//! What [`web::vocabulary`] must know of etiquetas; the rest of their pages and commands is there.

use acesso::configuracoes::below;
use kernel::Permission;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use tenancy::TenantTx;
use web::{
    forms::{Choice, FormState},
    frame::Frame,
    vocabulary::{Asked, Events, Field, Offer, Routes, Term, TermId, Use, Vocabulary, When, Words},
};

use super::{Cor, EtiquetaEntity, EtiquetaId, EtiquetaNome, GERIR, Uso, sql};

/// The list of etiquetas.
#[derive(Debug)]
pub struct Etiquetas;

/// What can be said of an etiqueta.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dados {
    pub nome: EtiquetaNome,
    pub cor: Cor,
}

impl Serialize for Cor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Vocabulary for Etiquetas {
    type Entity = EtiquetaEntity;
    type Dados = Dados;

    const GERIR: Permission = GERIR;
    const ROUTES: Routes = Routes {
        list: "/configuracoes/etiquetas",
        one: "/configuracoes/etiquetas/{id}",
        merge: "/configuracoes/etiquetas/{id}/mesclar",
        delete: "/configuracoes/etiquetas/{id}/excluir",
        sample_one: "/configuracoes/etiquetas/{etiqueta}",
        sample_merge: "/configuracoes/etiquetas/{etiqueta}/mesclar",
        sample_delete: "/configuracoes/etiquetas/{etiqueta}/excluir",
        adding: "nome=Exportadora&cor=roxo",
        changing: "nome=Exportadora&cor=roxo",
        merging: "em={etiqueta.outra}",
    };
    const EVENTS: Events = Events {
        added: "etiqueta.registrada",
        changed: "etiqueta.alterada",
        merged: "etiqueta.mesclada",
        deleted: "etiqueta.excluida",
        counted: "empresas",
    };
    const WORDS: &'static Words = &Words {
        icon: "bookmark",
        title: "etiquetas-title",
        sub: "etiquetas-sub",
        term: "etiqueta-one",
        users: "empresas-title",
        none: "etiquetas-none",
        none_hint: "etiquetas-none-hint",
        change: "etiqueta-change",
        merge: "etiqueta-merge",
        merge_help: "etiqueta-merge-help",
        merge_question: "etiqueta-merge-question",
        into: "etiqueta-into",
        delete: "etiqueta-delete",
        delete_question: "etiqueta-delete-question",
        in_use: "etiqueta-in-use",
        toast_added: "toast-etiqueta-registrada",
        toast_changed: "toast-etiqueta-alterada",
        toast_merged: "toast-etiqueta-mesclada",
        toast_deleted: "toast-etiqueta-excluida",
    };
    const FIELDS: &'static [Field] = &[Field::nome("vocabulary-nome", "etiqueta-new", 40), COR];
    /// A word on a record is no fact of it.
    const COMES_OFF: bool = true;

    fn below(frame: Frame) -> Frame {
        below(frame)
    }

    fn read<'a>(_: &'a mut TenantTx, form: &'a mut FormState) -> Asked<'a, Option<Dados>> {
        let (nome, cor) = (form.required("nome"), form.choice("cor", Cor::from_code));
        let dados = nome.zip(cor).map(|(nome, cor)| Dados { nome, cor });
        Box::pin(async { Ok(dados) })
    }

    fn fill<'a>(_: &'a mut TenantTx, facts: &'a Value) -> Asked<'a, FormState> {
        let of = |key: &str| facts[key].as_str().unwrap_or_default();
        let form = FormState::new().with("nome", of("nome")).with("cor", of("cor"));
        Box::pin(async { Ok(form) })
    }

    fn all(tx: &mut TenantTx) -> Asked<'_, Vec<Term<Self>>> {
        Box::pin(async { Ok(sql::usos(tx).await?.into_iter().map(Uso::term).collect()) })
    }

    fn one(tx: &mut TenantTx, id: EtiquetaId) -> Asked<'_, Option<Term<Self>>> {
        Box::pin(async move { Ok(sql::uso(tx, id).await?.map(Uso::term)) })
    }

    fn lock<'a>(tx: &'a mut TenantTx, ids: &'a [EtiquetaId]) -> Asked<'a, Vec<(EtiquetaId, Value)>> {
        Box::pin(async move {
            let found = sql::lock(tx, ids).await?;
            Ok(found.into_iter().map(|etiqueta| (etiqueta.id, facts(&etiqueta.nome, &etiqueta.cor))).collect())
        })
    }

    fn before(tx: &mut TenantTx, id: EtiquetaId) -> Asked<'_, ()> {
        Box::pin(sql::hold_empresas(tx, id))
    }

    fn insert<'a>(tx: &'a mut TenantTx, dados: &'a Dados) -> Asked<'a, Option<TermId<Self>>> {
        Box::pin(sql::insert(tx, &dados.nome, dados.cor))
    }

    fn update<'a>(tx: &'a mut TenantTx, id: EtiquetaId, dados: &'a Dados) -> Asked<'a, bool> {
        Box::pin(sql::update(tx, id, &dados.nome, dados.cor))
    }

    fn give(tx: &mut TenantTx, from: EtiquetaId, into: EtiquetaId) -> Asked<'_, u64> {
        Box::pin(sql::move_empresas(tx, from, into))
    }

    fn delete(tx: &mut TenantTx, id: EtiquetaId) -> Asked<'_, ()> {
        Box::pin(sql::delete(tx, id))
    }

    fn sample(n: u8) -> Term<Self> {
        let cor = Cor::ALL[usize::from(n) % Cor::ALL.len()];
        Uso {
            id: EtiquetaId::new(uuid::Uuid::from_u128(n.into())),
            nome: "Feira <b>Aurora</b> ".repeat(2),
            cor: cor.code().to_owned(),
            empresas: i64::from(n) * 700,
        }
        .term()
    }
}

fn facts(nome: &str, cor: &str) -> Value {
    json!({ "nome": nome, "cor": cor })
}

impl Uso {
    fn term(self) -> Term<Etiquetas> {
        Term {
            id: self.id,
            facts: facts(&self.nome, &self.cor),
            nome: self.nome,
            chip: format!("etiqueta-{}", self.cor),
            stays: false,
            uses: vec![Use { n: self.empresas, text: "empresas-count", href: format!("/empresas?etiqueta={}", self.id) }],
        }
    }
}

/// The field of a list whose names have a colour: a [`Cor`].
pub const COR: Field = Field {
    name: "cor",
    label: "etiqueta-cor",
    label_new: "etiqueta-cor",
    help: "",
    required: false,
    max: 0,
    when: When::Always,
    offer: Offer::Chips(cores),
    more: None,
};

/// The colours to choose from.
fn cores(frame: &Frame) -> Vec<Choice> {
    Cor::ALL.iter().map(|cor| Choice::new(cor.code(), frame.t(cor.label()))).collect()
}
