//! The question before somebody or something of this crate is deleted: a page, so that it is asked without script too.

use askama::Template;
use web::{filters, frame::Frame};

#[derive(Template)]
#[template(path = "acesso/excluir.html")]
pub(crate) struct ExcluirPage {
    frame: Frame,
    nome: String,
    /// Who or what that is, in a few words.
    sub: String,
    question: String,
    action: String,
    cancel: String,
    label: &'static str,
}

impl ExcluirPage {
    /// `keys`: of the question, with `$nome`, and of the button. `action` deletes, `cancel` leads back.
    pub(crate) fn new(frame: Frame, nome: String, sub: String, keys: [&'static str; 2], action: String, cancel: String) -> Self {
        let question = frame.t_with(keys[0], &[("nome", nome.as_str().into())]);
        let label = frame.t(keys[1]);
        Self { frame: frame.crumb(nome.clone(), cancel.clone()).title(label), nome, sub, question, action, cancel, label }
    }

    #[cfg(test)]
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let keys = ["usuario-delete-question", "usuario-delete"];
        let page = |nome: String| Self::new(frame.clone(), nome, "a@senai.example".into(), keys, "/x".into(), "/".into());
        vec![page("<b>Costa</b>".into()), page("Maximiliano ".repeat(10))]
    }
}
