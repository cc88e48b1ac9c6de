use futures::{StreamExt, stream};
use kernel::{Actor, Fault, Lang};
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table};
use tenancy::TenantTx;

use super::{CAMPOS, label};
use crate::{perfil, usuario::exportar::words};

/// The planilha to fill in: the headings, and a second sheet that says what each may hold, with the perfis that the actor can
/// give.
pub(super) async fn modelo(tx: &mut TenantTx, actor: &Actor, lang: Lang) -> Result<Vec<u8>, Fault> {
    let t = |key: &str| idioma::t(lang, key).to_owned();
    let lasting = perfil::lasting(tx, actor).await?;
    let mut perfis = perfil::list(tx).await?;
    perfis.retain(|perfil| lasting.covers(&perfil.grants()));
    let perfis = perfis.into_iter().map(|perfil| perfil.nome).collect::<Vec<_>>().join(", ");
    let columns = CAMPOS.map(|campo| Column::new(campo, t(label(campo)), ColumnKind::Text)).into();
    let rows = stream::empty::<Result<Vec<Cell>, Fault>>().boxed();
    let mut words = words(lang);
    // A sentence there would be read as a line.
    words.empty = String::new();
    let mut table = Table::new(t("usuarios-title"), columns, rows, lang, words);
    table.issuer.clone_from(&tx.unidade().nome);
    table.generated = t("usuarios-modelo-hint");
    let rule = |campo: &str, value: String| Filter { label: t(label(campo)), value };
    table.filters = vec![
        rule("nome", t("usuarios-modelo-nome")),
        rule("email", t("usuarios-modelo-email")),
        rule("perfil", idioma::t_args(lang, "usuarios-modelo-perfil", [("list", perfis.as_str().into())])),
        rule("setor", t("usuarios-modelo-setor")),
    ];
    crate::usuario::exportar::file(table, Format::Xlsx).await
}
