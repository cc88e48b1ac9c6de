//! What [`web::vocabulary`] must know of segmentos; the rest of their pages and commands is there.

use acesso::configuracoes::below;
use kernel::{Invalid, Permission};
use serde::Serialize;
use serde_json::Value;
use tenancy::TenantTx;
use web::{
    forms::FormState,
    frame::Frame,
    vocabulary::{Asked, Events, Field, Offer, Routes, Term, TermId, Use, Vocabulary, When, Words},
};

use super::{EXCLUIR, GERIR, SegmentoEntity, SegmentoId, SegmentoNome, Uso, sql};
use crate::cnae::{Atividade, Atividades};

/// The list of segmentos.
#[derive(Debug)]
pub struct Segmentos;

/// What can be said of a segmento.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dados {
    pub nome: SegmentoNome,
    /// Codes of CNAE that belong to it, as they are stored.
    pub cnaes: Vec<String>,
}

impl Vocabulary for Segmentos {
    type Entity = SegmentoEntity;
    type Dados = Dados;

    const GERIR: Permission = GERIR;
    const EXCLUIR: Permission = EXCLUIR;
    const ROUTES: Routes = Routes {
        list: "/configuracoes/segmentos",
        one: "/configuracoes/segmentos/{id}",
        merge: "/configuracoes/segmentos/{id}/mesclar",
        delete: "/configuracoes/segmentos/{id}/excluir",
        sample_one: "/configuracoes/segmentos/{segmento}",
        sample_merge: "/configuracoes/segmentos/{segmento}/mesclar",
        sample_delete: "/configuracoes/segmentos/{segmento.livre}/excluir",
        adding: "nome=Aeroespacial",
        changing: "nome=Aeroespacial&cnaes=30.4",
        merging: "em={segmento.outro}",
    };
    const EVENTS: Events = Events {
        added: "segmento.registrado",
        changed: "segmento.alterado",
        merged: "segmento.mesclado",
        deleted: "segmento.excluido",
        counted: "empresas",
    };
    const WORDS: &'static Words = &Words {
        icon: "tags",
        title: "segmentos-title",
        sub: "segmentos-sub",
        term: "empresa-segmento",
        users: "empresas-title",
        none: "segmentos-none",
        none_hint: "segmentos-none-hint",
        change: "segmento-change",
        merge: "segmento-merge",
        merge_help: "segmento-merge-help",
        merge_question: "segmento-merge-question",
        into: "segmento-into",
        delete: "segmento-delete",
        delete_question: "segmento-delete-question",
        in_use: "segmento-in-use",
        toast_added: "toast-segmento-registrado",
        toast_changed: "toast-segmento-alterado",
        toast_merged: "toast-segmento-mesclado",
        toast_deleted: "toast-segmento-excluido",
    };
    const FIELDS: &'static [Field] = &[
        Field::nome("vocabulary-nome", "segmento-new", 80),
        Field {
            name: "cnaes",
            label: "segmento-cnaes",
            label_new: "segmento-cnaes",
            help: "segmento-cnaes-help",
            required: false,
            max: 400,
            when: When::Later,
            offer: Offer::Typed,
            more: Some(("cnaes-see", "/configuracoes/cnaes")),
        },
    ];
    /// Every empresa has a segmento for a reason (U-7).
    const COMES_OFF: bool = false;

    fn below(frame: Frame) -> Frame {
        below(frame)
    }

    fn read<'a>(tx: &'a mut TenantTx, form: &'a mut FormState) -> Asked<'a, Option<Dados>> {
        Box::pin(async move {
            let atividades = Atividades::load(tx).await?;
            let nome = form.required::<SegmentoNome>("nome");
            let cnaes = codes(&atividades, form.raw("cnaes"));
            if let Err(unknown) = &cnaes {
                form.fail("cnaes", Invalid::new("cnae-unknown").with("text", unknown));
            }
            Ok(nome.zip(cnaes.ok()).map(|(nome, cnaes)| Dados { nome, cnaes }))
        })
    }

    fn fill<'a>(tx: &'a mut TenantTx, facts: &'a Value) -> Asked<'a, FormState> {
        Box::pin(async move {
            let atividades = Atividades::load(tx).await?;
            let codes = facts["cnaes"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let cnaes: Vec<String> = codes.map(|codigo| written(&atividades, codigo)).collect();
            let nome = facts["nome"].as_str().unwrap_or_default();
            Ok(FormState::new().with("nome", nome).with("cnaes", cnaes.join(", ")))
        })
    }

    fn all(tx: &mut TenantTx) -> Asked<'_, Vec<Term<Self>>> {
        Box::pin(async { Ok(sql::usos(tx).await?.into_iter().map(Uso::term).collect()) })
    }

    fn one(tx: &mut TenantTx, id: SegmentoId) -> Asked<'_, Option<Term<Self>>> {
        Box::pin(async move { Ok(sql::uso(tx, id).await?.map(Uso::term)) })
    }

    fn lock<'a>(tx: &'a mut TenantTx, ids: &'a [SegmentoId]) -> Asked<'a, Vec<(SegmentoId, Value)>> {
        Box::pin(async move {
            let found = sql::lock(tx, ids).await?;
            Ok(found.into_iter().map(|segmento| (segmento.id, facts(&segmento.nome, &segmento.cnaes))).collect())
        })
    }

    fn before(tx: &mut TenantTx, id: SegmentoId) -> Asked<'_, ()> {
        Box::pin(sql::hold_empresas(tx, id))
    }

    fn insert<'a>(tx: &'a mut TenantTx, dados: &'a Dados) -> Asked<'a, Option<TermId<Self>>> {
        Box::pin(sql::insert(tx, dados))
    }

    fn update<'a>(tx: &'a mut TenantTx, id: SegmentoId, dados: &'a Dados) -> Asked<'a, bool> {
        Box::pin(sql::update(tx, id, dados))
    }

    /// Those in the lixeira as well, and the activities.
    fn give(tx: &mut TenantTx, from: SegmentoId, into: SegmentoId) -> Asked<'_, u64> {
        Box::pin(async move {
            let empresas = sql::move_empresas(tx, from, into).await?;
            sql::move_cnaes(tx, from, into).await?;
            Ok(empresas)
        })
    }

    fn delete(tx: &mut TenantTx, id: SegmentoId) -> Asked<'_, ()> {
        Box::pin(sql::delete(tx, id))
    }

    fn sample(n: u8) -> Term<Self> {
        Uso {
            id: SegmentoId::new(uuid::Uuid::from_u128(n.into())),
            nome: "Têxtil <b>Aurora</b> e vestuário ".repeat(2),
            cnaes: vec!["25".to_owned(), "251".to_owned()],
            empresas: i64::from(n) * 700,
            excluidas: i64::from(n) / 2,
        }
        .term()
    }
}

fn facts(nome: &str, cnaes: &[String]) -> Value {
    serde_json::json!({ "nome": nome, "cnaes": cnaes })
}

impl Uso {
    fn term(self) -> Term<Segmentos> {
        let empresas = Use { n: self.empresas, text: "empresas-count", href: format!("/empresas?segmento={}", self.id) };
        let excluidas = Use { n: self.excluidas, text: "vocabulary-trashed", href: "/lixeira?tipo=empresa".to_owned() };
        Term {
            id: self.id,
            facts: facts(&self.nome, &self.cnaes),
            nome: self.nome,
            chip: String::new(),
            stays: false,
            uses: vec![empresas, excluidas],
        }
    }
}

/// The code as the IBGE writes it.
fn written(atividades: &Atividades, codigo: &str) -> String {
    atividades.get(codigo).map_or_else(|| codigo.to_owned(), Atividade::written)
}

/// What stands in the field, each code once; a seção is its divisões.
///
/// # Errors
/// The first text that is the code of nothing.
fn codes(atividades: &Atividades, text: &str) -> Result<Vec<String>, String> {
    let mut codes = Vec::new();
    for text in text.split([',', ';', '\n']).map(str::trim).filter(|text| !text.is_empty()) {
        let atividade = atividades.read(text).ok_or_else(|| text.chars().take(40).collect::<String>())?;
        codes.extend(atividades.prefixes(atividade));
    }
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}
