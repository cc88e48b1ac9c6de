use web::frame::Frame;

use crate::incidente::{Decisao, Incidente, Prazo, prazo::Resta};

/// How an incidente stands, in words: key or text, tone and icon.
pub(in crate::incidente) struct Situacao {
    pub text: String,
    pub tone: &'static str,
    pub icon: &'static str,
    /// Until when, where that still matters.
    pub until: Option<String>,
}

impl Situacao {
    pub(in crate::incidente) fn new(frame: &Frame, incidente: &Incidente, prazo: &Prazo) -> Self {
        let quiet = |key: &str, icon| Self { text: frame.t(key).to_owned(), tone: "quiet", icon, until: None };
        if incidente.encerrado_at.is_some() {
            return quiet("incidente-encerrado", "archive");
        }
        if incidente.decisao == Some(Decisao::NaoComunicar) {
            return quiet("incidente-nao-comunicado", "check-circle-fill");
        }
        if !incidente.is_pending() {
            let late = [incidente.anpd_at, incidente.titulares_at].into_iter().flatten().any(|at| !prazo.holds(at));
            let key = if late { "incidente-comunicado-tarde" } else { "incidente-comunicado" };
            let tone = if late { "warn" } else { "ok" };
            return Self { text: frame.t(key).to_owned(), tone, icon: "check-circle-fill", until: None };
        }
        let until = frame.t_with(
            "incidente-until",
            &[("dia", frame.weekday(prazo.last).into()), ("data", frame.date(prazo.last).as_str().into())],
        );
        let (text, tone, icon) = match prazo.resta(frame.now) {
            Resta::Dias(n) => (frame.t_n("incidente-faltam-dias", n), "warn", "hourglass-split"),
            Resta::Horas(0) => (frame.t("incidente-falta-pouco").to_owned(), "danger", "exclamation-triangle-fill"),
            Resta::Horas(n) => (frame.t_n("incidente-faltam-horas", n), "danger", "exclamation-triangle-fill"),
            Resta::Venceu(n) => (frame.t_n("incidente-venceu", n), "danger", "x-octagon-fill"),
        };
        Self { text, tone, icon, until: Some(until) }
    }
}

/// Names of codes, those that this version knows.
pub(in crate::incidente) fn names(frame: &Frame, all: &[(&str, &'static str)], codes: &[String]) -> String {
    let known = all.iter().filter(|(code, _)| codes.iter().any(|one| one == code));
    known.map(|(_, key)| frame.t(key)).collect::<Vec<_>>().join("; ")
}
