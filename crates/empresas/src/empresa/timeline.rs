//! What the register tells of an empresa's history: its own trail, read for people.

use kernel::{Actor, Telefone};
use serde_json::Value;
use tenancy::TenantTx;
use web::{
    frame::Frame,
    timeline::{Asked, Changed, Kind, Moment, Point},
};

use super::{Campo, EmpresaId, Reach, VER, pages::shown, sql};
use crate::{
    consulta::SituacaoCadastral,
    contato::Papel,
    documento,
    importacao::{IMPORTAR, pages::ImportacaoShow},
};

pub(crate) const KINDS: &[Kind] = &[
    Kind { code: "cadastro", label: "timeline-cadastro", icon: "pencil", permission: VER },
    Kind { code: "contato", label: "timeline-contato", icon: "person", permission: VER },
    Kind { code: "documento", label: "timeline-documento", icon: "file-earmark", permission: documento::VER },
    Kind { code: "consulta", label: "timeline-consulta", icon: "search", permission: VER },
    Kind { code: "lote", label: "timeline-lote", icon: "layers", permission: VER },
    Kind { code: "importacao", label: "timeline-importacao", icon: "upload", permission: VER },
];

/// See [`web::timeline::Tell`].
pub(crate) async fn tell(tx: &mut TenantTx, actor: &Actor, frame: &Frame, asked: &Asked) -> web::Result<Vec<Moment>> {
    let id = EmpresaId::new(asked.record);
    let mut kinds: Vec<&'static str> = asked.kinds.clone();
    if asked.wants("documento") {
        // Whoever reaches the documentos of their own empresas only may well see this one.
        let reach = Reach::of(actor, &documento::VER)?;
        if reach.responsavel().is_some() && !sql::exists(tx, id, reach).await? {
            kinds.retain(|kind| *kind != "documento");
        }
    }
    let rows = sql::timeline::rows(tx, id, &kinds, asked.before, asked.limit).await?;
    let mut moments: Vec<Moment> = rows.into_iter().map(|row| moment(frame, row)).collect();
    if asked.wants("importacao")
        && let Some(origin) = sql::timeline::origin(tx, id).await?
        && asked.before.is_none_or(|before| origin.point < before)
    {
        moments.push(Moment {
            point: origin.point,
            kind: "importacao",
            title: frame.t_with("empresa-importada", &[("file", origin.file.as_str().into())]),
            who: origin.nome,
            href: actor.may(&IMPORTAR).then(|| ImportacaoShow { id: origin.id }.to_string()),
            changed: Vec::new(),
        });
    }
    Ok(moments)
}

fn moment(frame: &Frame, row: sql::timeline::Row) -> Moment {
    let kind = KINDS.iter().find(|kind| kind.code == row.kind).map_or("cadastro", |kind| kind.code);
    let (before, after) = (row.before.as_ref(), row.after.as_ref());
    Moment {
        point: Point { at: row.at, id: row.id },
        kind,
        title: title(frame, &row.action, before, after),
        changed: changed(frame, &row.action, before, after),
        who: if row.actor_nome.is_empty() { frame.t("audit-nobody").to_owned() } else { row.actor_nome },
        href: None,
    }
}

/// What happened to something of the empresa's, and the sentence that tells it with its `nome`.
const TOLD: [(&str, &str); 17] = [
    ("contato.registrado", "contato-registrado"),
    ("contato.alterado", "contato-alterado"),
    ("contato.excluido", "contato-excluido"),
    ("contato.restaurado", "contato-restaurado"),
    ("documento.enviado", "documento-enviado"),
    ("documento.substituido", "documento-substituido"),
    ("documento.alterado", "documento-alterado"),
    ("documento.excluido", "documento-excluido"),
    ("documento.restaurado", "documento-restaurado"),
    ("empresa.mesclada", "empresa-mesclada"),
    ("empresa.mesclada_em", "empresa-mesclada-em"),
    ("empresa.desmesclada", "empresa-desmesclada"),
    ("empresa.desmesclada_de", "empresa-desmesclada-de"),
    ("empresa.dispensada", "empresa-dispensada"),
    ("empresa.retomada", "empresa-retomada"),
    ("empresa.etiquetada", "empresa-etiquetada"),
    ("empresa.desetiquetada", "empresa-desetiquetada"),
];

fn title(frame: &Frame, action: &str, before: Option<&Value>, after: Option<&Value>) -> String {
    let told = title_of(frame, action, before, after);
    match after.and_then(|fields| fields.get("lote_desfeito")).and_then(Value::as_i64) {
        None => told,
        // What it was in full: the fields that went back stand below it.
        Some(n) if action == "empresa.lote_desfeito" => frame.t_n("empresa-lote-desfeito", n),
        Some(n) => format!("{}: {told}", frame.t_n("empresa-lote-desfeito", n)),
    }
}

fn title_of(frame: &Frame, action: &str, before: Option<&Value>, after: Option<&Value>) -> String {
    let file = || after.and_then(|fields| fields.get("importacao")).and_then(Value::as_str);
    match action {
        "empresa.registrada" => frame.t("empresa-registrada").to_owned(),
        "empresa.alterada" => {
            if let Some(file) = file() {
                return frame.t_with("empresa-atualizada", &[("file", file.into())]);
            }
            match after.and_then(|fields| fields.get("lote")).and_then(Value::as_i64) {
                Some(n) => frame.t_n("empresa-alterada-lote", n),
                None => frame.t("empresa-alterada").to_owned(),
            }
        }
        "empresa.excluida" => frame.t("empresa-excluida").to_owned(),
        "empresa.restaurada" => frame.t("empresa-restaurada").to_owned(),
        "empresa.consultada" => {
            let code = after.and_then(|fields| fields.get("situacao_cadastral")).and_then(Value::as_str);
            let situacao = code.and_then(|code| code.parse::<SituacaoCadastral>().ok());
            format!("{}: {}", frame.t("empresa-receita"), situacao.map_or("", |code| frame.t(code.label())))
        }
        "empresa.desfeita" => frame.t_with("empresa-desfeita", &[("file", file().unwrap_or_default().into())]),
        "empresa.revertida" => frame.t_with("empresa-revertida", &[("file", file().unwrap_or_default().into())]),
        other => match TOLD.iter().find(|(action, _)| *action == other) {
            Some((_, key)) => {
                let nome = after.or(before).and_then(|fields| fields.get("nome")).and_then(Value::as_str).unwrap_or_default();
                frame.t_with(key, &[("nome", nome.into())])
            }
            // As the trail calls it.
            None => acesso::auditoria::word(frame, other),
        },
    }
}

/// What was new or went away as a whole needs no list of its fields.
fn changed(frame: &Frame, action: &str, before: Option<&Value>, after: Option<&Value>) -> Vec<Changed> {
    let side =
        |side: Option<&Value>, key: &str| -> String { side.and_then(|fields| fields.get(key)).map(plain).unwrap_or_default() };
    let fields: Vec<(&'static str, &'static str)> = match action {
        "empresa.alterada" | "empresa.revertida" | "empresa.lote_desfeito" => {
            let campos = Campo::ALL.iter().map(|campo| (campo.key(), campo.label()));
            campos.chain([("etiquetas", "etiquetas-title")]).collect()
        }
        // The trail names the contato, whatever changed: the nome changed only where both sides have it.
        "contato.alterado" if before.is_none_or(|fields| fields.get("nome").is_none()) => CONTATO[1..].to_vec(),
        "contato.alterado" => CONTATO.to_vec(),
        "documento.alterado" => vec![("nome", "documento-nome"), ("pasta", "documento-pasta")],
        _ => return Vec::new(),
    };
    let both = fields.into_iter().map(|(key, label)| Changed {
        label: frame.t(label).to_owned(),
        before: readable(frame, action, key, &side(before, key)),
        after: readable(frame, action, key, &side(after, key)),
    });
    both.filter(|field| field.before != field.after).collect()
}

const CONTATO: [(&str, &str); 6] = [
    ("nome", "contato-nome"),
    ("cargo", "empresa-contato-cargo"),
    ("papel", "contato-papel"),
    ("email", "empresa-email"),
    ("telefone", "empresa-telefone"),
    ("observacoes", "empresa-observacoes"),
];

/// A value of the trail as text; an open one is nothing.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value of the trail as a person reads it: codes by their names, days and telephones as they are written.
pub(crate) fn readable(frame: &Frame, action: &str, key: &str, text: &str) -> String {
    if action.starts_with("contato.") {
        return match key {
            "papel" => Papel::from_code(text).map_or(text, |papel| frame.t(papel.label())).to_owned(),
            "telefone" => Telefone::try_from(text.to_owned()).map_or_else(|_| text.to_owned(), |telefone| telefone.to_string()),
            _ => text.to_owned(),
        };
    }
    match (key, Campo::by_key(key)) {
        ("situacao_cadastral", _) => {
            text.parse::<SituacaoCadastral>().map_or_else(|_| text.to_owned(), |code| frame.t(code.label()).to_owned())
        }
        (_, Some(campo)) if action.starts_with("empresa.") => shown(frame, campo, text),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(action: &str, before: Value, after: Value) -> (String, Vec<(String, String, String)>) {
        let frame = Frame::sample();
        let (before, after) = (Some(before).filter(|v| !v.is_null()), Some(after).filter(|v| !v.is_null()));
        let fields = changed(&frame, action, before.as_ref(), after.as_ref());
        let fields = fields.into_iter().map(|field| (field.label, field.before, field.after)).collect();
        (title(&frame, action, before.as_ref(), after.as_ref()), fields)
    }

    fn field(label: &str, before: &str, after: &str) -> (String, String, String) {
        (label.to_owned(), before.to_owned(), after.to_owned())
    }

    #[test]
    fn a_change_of_a_contato_shows_the_fields_that_changed() {
        let (title, fields) = told(
            "contato.alterado",
            json!({ "papel": "rh", "telefone": null, "email": "a@b.example" }),
            json!({ "nome": "Sueli", "papel": "direcao", "telefone": "+5547999990001", "email": null }),
        );
        assert_eq!(title, "Contato alterado: Sueli");
        assert_eq!(
            fields,
            [field("Área", "RH", "Direção"), field("E-mail", "a@b.example", ""), field("Telefone", "", "(47) 99999-0001")]
        );
        // Its nome only when it is what changed.
        let (_, fields) = told("contato.alterado", json!({ "nome": "Sueli" }), json!({ "nome": "Sueli Ramos" }));
        assert_eq!(fields, [field("Nome", "Sueli", "Sueli Ramos")]);
    }

    #[test]
    fn what_an_importacao_or_a_lote_changed_says_so() {
        let (title, fields) =
            told("empresa.alterada", json!({ "porte": "me" }), json!({ "porte": "epp", "importacao": "a <b>.xlsx" }));
        assert_eq!(title, "Atualizada pela planilha a <b>.xlsx");
        assert_eq!(fields, [field("Porte", "ME", "EPP")]);
        let (title, fields) =
            told("empresa.alterada", json!({ "situacao": "ativo" }), json!({ "situacao": "inativo", "lote": 37 }));
        assert_eq!(title, "Alterada em lote: 37 empresas de uma vez");
        assert_eq!(fields, [field("Situação", "Ativo", "Inativo")]);
    }

    #[test]
    fn a_lote_that_was_taken_back_says_so() {
        let (title, fields) =
            told("empresa.lote_desfeito", json!({ "situacao": "inativo" }), json!({ "situacao": "ativo", "lote_desfeito": 37 }));
        assert_eq!(title, "Alteração em lote desfeita: 37 empresas de uma vez");
        assert_eq!(fields, [field("Situação", "Inativo", "Ativo")]);
        let (title, _) = told("empresa.etiquetada", Value::Null, json!({ "nome": "VIP", "lote_desfeito": 1 }));
        assert_eq!(title, "Alteração em lote desfeita: Etiqueta posta: VIP");
    }

    #[test]
    fn what_nobody_has_words_for_is_told_by_its_code() {
        assert_eq!(told("modulo.fez_algo", Value::Null, Value::Null), ("modulo.fez_algo".to_owned(), Vec::new()));
    }
}
