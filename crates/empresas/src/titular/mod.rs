//! What the register keeps of people, for their dossier and for their erasure: contatos, and whoever is named beside an empresa,
//! in a spreadsheet, in what a merge or a batch remembers.

mod sql;

use futures::FutureExt;
use kernel::Fault;
use tenancy::Ground;
use web::titular::{Acervo, Alvo, Efeito, Titulares};

pub(crate) const CONTATO: &str = "contato";

pub(crate) static TITULARES: &[Titulares] = &[Titulares {
    kind: CONTATO,
    label: "lixeira-contato",
    find: |tx, text, limit| async move { sql::find(tx, text, limit).await }.boxed(),
    get: |ground, id| async move { sql::get(ground, id).await }.boxed(),
    guard: |_, _, _| async { Ok(()) }.boxed(),
}];

pub(crate) static ACERVOS: &[Acervo] = &[
    Acervo {
        name: "contato",
        label: "acervo-contato",
        guarda: None,
        reunir: |ground, alvo| async move { sql::contatos(ground, alvo).await }.boxed(),
        // Before the empresas, which are found by them.
        apagar: |ground, alvo| async move { sql::erase_empresas(ground, alvo).await }.boxed(),
    },
    Acervo {
        name: "empresa",
        label: "acervo-empresa",
        guarda: Some("acervo-empresa-guarda"),
        reunir: |ground, alvo| async move { sql::empresas(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { sql::erase_texts(ground, alvo).await }.boxed(),
    },
    Acervo {
        name: "planilha",
        label: "acervo-planilha",
        guarda: None,
        reunir: |ground, alvo| async move { sql::planilhas(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { sheets(ground, alvo).await }.boxed(),
    },
    Acervo {
        name: "documento",
        label: "acervo-documento",
        guarda: Some("acervo-documento-guarda"),
        reunir: |ground, alvo| async move { sql::documentos(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { sql::erase_documentos(ground, alvo).await }.boxed(),
    },
];

/// Spreadsheets that came, and files that are made of the register: any of these may hold the person, so all of them go, and
/// whoever needs one makes it anew.
async fn sheets(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let efeito = sql::erase_planilhas(ground, alvo).await?;
    if let Some(tx) = ground.tx() {
        // Now rather than at night. After a restore, at night.
        crate::exportacao::clean_soon(tx).await?;
    }
    Ok(efeito)
}
