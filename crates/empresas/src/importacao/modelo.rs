//! The planilha to fill in: the headings that an export has, so that its columns need no telling, and a second sheet that says
//! what each may hold. It has no example row: nothing would keep it from being imported.

use futures::{StreamExt, stream};
use kernel::{Actor, Fault, Lang};
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table, Words};
use tenancy::TenantTx;

use super::Brings;
use crate::{
    empresa::{ADMINISTRAR, Campo, Porte, Situacao, pages::export::columns},
    segmento,
};

/// An XLSX in `lang`, with the fields that `actor` may bring.
pub async fn modelo(tx: &mut TenantTx, actor: &Actor, lang: Lang) -> Result<Vec<u8>, Fault> {
    let broken = |error| Fault::new("a file for a modelo", error);
    let segmentos = segmento::list(tx).await?;
    let segmentos = segmentos.iter().map(|segmento| segmento.nome.as_str()).collect::<Vec<_>>().join(", ");
    let administrar = actor.may(&ADMINISTRAR);
    let (campos, mut columns): (Vec<Campo>, Vec<Column>) =
        columns(lang, Format::Xlsx).into_iter().filter(|(campo, _)| administrar || *campo != Campo::DataCadastro).unzip();

    let t = |key: &str| idioma::t(lang, key).to_owned();
    columns.push(Column::new(Brings::Etiquetas.key(), t(Brings::Etiquetas.label()), ColumnKind::Text));
    let words = Words {
        page: String::new(),
        total: String::new(),
        summary: t("modelo-summary"),
        // A sentence there would be read as a row.
        empty: String::new(),
        yes: String::new(),
        no: String::new(),
    };
    let rows = stream::empty::<Result<Vec<Cell>, Fault>>().boxed();
    let mut table = Table::new(t("empresas-title"), columns, rows, lang, words);
    table.issuer.clone_from(&tx.unidade().nome);
    table.generated = t("modelo-hint");
    let filter = |campo: Campo| Filter { label: t(campo.label()), value: rule(lang, campo, &segmentos) };
    let etiquetas = Filter { label: t(Brings::Etiquetas.label()), value: t("modelo-etiquetas") };
    table.filters = campos.into_iter().map(filter).chain([etiquetas]).collect();

    let file = tempfile::NamedTempFile::new().map_err(broken)?;
    sheets::write(table, Format::Xlsx, file.path()).await.map_err(|error| Fault::new("writing a modelo", error))?;
    tokio::fs::read(file.path()).await.map_err(broken)
}

/// What a column may hold, in a sentence.
fn rule(lang: Lang, campo: Campo, segmentos: &str) -> String {
    let one_of = |key: &str, labels: &[&'static str]| {
        let list = labels.iter().map(|label| idioma::t(lang, label)).collect::<Vec<_>>().join(", ");
        idioma::t_args(lang, key, [("list", list.as_str().into())])
    };
    let key = match campo {
        Campo::Porte => return one_of("modelo-porte", &Porte::ALL.map(Porte::label)),
        Campo::Situacao => return one_of("modelo-situacao", &Situacao::ALL.map(Situacao::label)),
        Campo::Segmento => return idioma::t_args(lang, "modelo-segmento", [("list", segmentos.into())]),
        Campo::Cnpj => "modelo-cnpj",
        Campo::Nome => "modelo-nome",
        Campo::NomeFantasia => "modelo-nome-fantasia",
        Campo::InscricaoEstadual => "empresa-inscricao-estadual-help",
        Campo::Cnae => "modelo-cnae",
        Campo::Email => "modelo-email",
        Campo::Telefone => "modelo-telefone",
        Campo::Site => "modelo-site",
        Campo::Cep => "modelo-cep",
        Campo::Logradouro => "modelo-logradouro",
        Campo::Numero => "modelo-numero",
        Campo::Complemento => "modelo-complemento",
        Campo::Bairro => "modelo-bairro",
        Campo::Municipio => "empresa-municipio-help",
        Campo::Uf => "modelo-uf",
        Campo::MunicipioId => "modelo-municipio-id",
        Campo::ContatoNome => "modelo-contato-nome",
        Campo::ContatoCargo => "modelo-contato-cargo",
        Campo::Responsavel => "modelo-responsavel",
        Campo::DataFundacao => "modelo-data-fundacao",
        Campo::Faturamento => "modelo-faturamento",
        Campo::Funcionarios => "modelo-funcionarios",
        Campo::Observacoes => "modelo-observacoes",
        Campo::DataCadastro => "modelo-data-cadastro",
    };
    idioma::t(lang, key).to_owned()
}
