use askama::Template;
use kernel::{Fault, Lang};
use tenancy::Unidade;

use crate::{Line, Link};

/// SENAI's blue, where a unidade has no colour of its own.
const COR: &str = "#164194";

/// In whose name a mail is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    pub nome: Line,
    cor: String,
}

impl Brand {
    #[must_use]
    pub fn of(unidade: &Unidade) -> Self {
        Self { nome: Line::of(&unidade.nome), cor: unidade.tema.primaria.clone().unwrap_or_default() }
    }

    #[must_use]
    pub fn platform(lang: Lang) -> Self {
        Self { nome: Line::of(idioma::t(lang, "mail-platform")), cor: String::new() }
    }

    /// A colour and nothing but a colour: it stands inside a style.
    fn cor(&self) -> &str {
        let digits = self.cor.strip_prefix('#').unwrap_or_default();
        if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) { &self.cor } else { COR }
    }
}

/// The content of a mail, in words of `lang`. Its frame, in HTML and as text, is the same for all.
#[derive(Debug, Clone)]
pub struct Letter {
    pub lang: Lang,
    pub subject: Line,
    pub heading: String,
    pub paragraphs: Vec<String>,
    pub action: Option<Action>,
    /// Small print, e.g. until when a link works.
    pub note: Option<String>,
}

/// The one thing the reader is asked to do.
#[derive(Debug, Clone)]
pub struct Action {
    pub label: String,
    pub link: Link,
}

/// A mail ready for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub subject: Line,
    pub html: String,
    pub text: String,
}

#[derive(Template)]
#[template(path = "messaging/letter.html")]
struct Html<'a> {
    lang: Lang,
    letter: &'a Letter,
    brand: &'a Brand,
    items: &'a [Action],
    below: Option<&'a Action>,
    link_hint: &'static str,
    automatic: &'a str,
}

#[derive(Template)]
#[template(path = "messaging/letter.txt", whitespace = "preserve")]
struct Text<'a> {
    letter: &'a Letter,
    brand: &'a Brand,
    items: &'a [Action],
    below: Option<&'a Action>,
    automatic: &'a str,
}

impl Letter {
    /// # Errors
    /// A fault of the template, which its tests would have shown.
    pub fn render(&self, brand: &Brand) -> Result<Rendered, Fault> {
        self.render_list(brand, &[], None)
    }

    /// As [`Letter::render`], with a list of links below the paragraphs and a link in the frame's last line.
    ///
    /// # Errors
    /// As [`Letter::render`].
    pub fn render_list(&self, brand: &Brand, items: &[Action], below: Option<&Action>) -> Result<Rendered, Fault> {
        let automatic = idioma::t_args(self.lang, "mail-automatic", [("nome", brand.nome.as_str().into())]);
        let link_hint = idioma::t(self.lang, "mail-link-hint");
        let html = Html { lang: self.lang, letter: self, brand, items, below, link_hint, automatic: &automatic };
        let text = Text { letter: self, brand, items, below, automatic: &automatic };
        let failed = |e: askama::Error| Fault::new("rendering a mail", e);
        Ok(Rendered { subject: self.subject.clone(), html: html.render().map_err(failed)?, text: text.render().map_err(failed)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Links;

    fn letter(lang: Lang) -> Letter {
        Letter {
            lang,
            subject: Line::of("Convite"),
            heading: "Olá, <Ana>".to_owned(),
            paragraphs: vec!["Primeiro & único".to_owned(), "{{7*7}} ${x}".to_owned()],
            action: Some(Action {
                label: "Entrar".to_owned(),
                link: Links::new("https://sri.example", "console").unwrap().console("/convite?a=1&b=2"),
            }),
            note: Some("Vale por 48 horas.".to_owned()),
        }
    }

    #[test]
    fn text_of_people_is_inert_in_html_and_plain_in_text() {
        let rendered = letter(Lang::PtBr).render(&Brand::platform(Lang::PtBr)).unwrap();
        assert!(!rendered.html.contains("<Ana>"));
        assert!(rendered.html.contains("href=\"https://console.sri.example/convite?a=1&#38;b=2\""), "{}", rendered.html);
        assert!(rendered.html.contains("{{7*7}} ${x}"));
        assert!(rendered.text.contains("Olá, <Ana>") && rendered.text.contains("Primeiro & único"));
        assert!(rendered.text.contains("\nhttps://console.sri.example/convite?a=1&b=2\n"), "{}", rendered.text);
    }

    #[test]
    fn the_frame_speaks_both_languages() {
        for (lang, words) in [(Lang::PtBr, "Mensagem automática"), (Lang::En, "Automatic message")] {
            let rendered = letter(lang).render(&Brand::platform(lang)).unwrap();
            assert!(rendered.html.contains(words) && rendered.text.contains(words));
            assert!(rendered.html.contains(&format!("lang=\"{}\"", lang.tag())));
        }
    }

    #[test]
    fn a_colour_that_is_none_is_not_used() {
        let brand = |cor: &str| Brand { nome: Line::of("SENAI"), cor: cor.to_owned() };
        assert_eq!(brand("#E84910").cor(), "#E84910");
        for wrong in ["", "red", "#12345", "#12345g", "#123456;background:url(//x)"] {
            assert_eq!(brand(wrong).cor(), COR, "{wrong}");
        }
    }
}
