//! Os provedores of a unidade (U-3, S4-4.4): other houses whose word it takes for who somebody is. OpenID Connect of any kind, Google and
//! Microsoft among them, and GitHub.
//!
//! The rules it protects: the word counts once, in the browser that set out for it, of the provedor it set out to, for the unidade it
//! set out from; it is a first factor alone, so that whoever must prove a second one still does; a subject is nobody until somebody
//! who proved to be that usuario said so, or, where the unidade decides so, until a verified e-mail is theirs; a segredo is kept
//! sealed, never shown, and goes to its own provedor alone.

mod conta_pages;
mod entrar;
pub(crate) mod entrar_pages;
mod gerir;
pub(crate) mod pages;
mod protocolo;
mod sql;

use std::{fmt, str::FromStr};

use kernel::{Entity, Fault, Id, Invalid, Permission, Texto};
use messaging::gateway::Endereco;
use tenancy::{Sealed, TenantTx};
use uuid::Uuid;

pub use entrar::{
    Chegou, Comecada, Comecar, ComecarError, ComecarRule, Concluir, ConcluirError, ConcluirRule, Resposta, comecar, concluir,
};
pub use gerir::{AlterarProvedor, CriarProvedor, ProvedorError, ProvedorRule, alterar, criar, desvincular, excluir};
pub(crate) use sql::{forget, offered};

/// May say whose word the unidade takes.
pub const GERIR: Permission = Permission::new("acesso.provedor.gerir");

/// More buttons than that help nobody to come in.
pub const MOST: usize = 5;

#[derive(Debug)]
pub enum ProvedorEntity {}
impl Entity for ProvedorEntity {
    const NAME: &'static str = "provedor";
}
pub type ProvedorId = Id<ProvedorEntity>;

/// As its button says it: "Entrar com …".
pub type NomeProvedor = Texto<40>;
/// What the provedor calls this unidade.
pub type ClientId = Texto<300>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tipo {
    Oidc,
    Google,
    Microsoft,
    Github,
}

impl Tipo {
    pub const ALL: [Self; 4] = [Self::Google, Self::Microsoft, Self::Github, Self::Oidc];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Google => "google",
            Self::Microsoft => "microsoft",
            Self::Github => "github",
        }
    }

    pub(crate) const fn icon(self) -> &'static str {
        match self {
            Self::Oidc => "box-arrow-up-right",
            Self::Google => "google",
            Self::Microsoft => "microsoft",
            Self::Github => "github",
        }
    }

    /// Gives every client a segredo; the others may take one that has none.
    const fn asks_segredo(self) -> bool {
        !matches!(self, Self::Oidc)
    }
}

impl FromStr for Tipo {
    type Err = Invalid;

    fn from_str(code: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|one| one.code() == code).ok_or_else(|| Invalid::new("choice"))
    }
}

/// Who speaks: the issuer of OpenID Connect, letter for letter; of GitHub, where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emissor(String);

impl Emissor {
    /// What somebody typed for one of this kind: Google's is known, Microsoft's is that of one directory, so that nobody of another
    /// one comes in (its e-mails are whatever that directory's own people write), GitHub may stand in a house of its own.
    ///
    /// # Errors
    /// `provedor-diretorio` for what names no single directory; as [`Endereco`] for what is no address.
    pub fn of(tipo: Tipo, typed: &str) -> Result<Self, Invalid> {
        let typed = typed.trim();
        let text = match tipo {
            Tipo::Google => "https://accounts.google.com".to_owned(),
            Tipo::Microsoft => {
                let directory: Uuid = typed.parse().map_err(|_| Invalid::new("provedor-diretorio"))?;
                format!("https://login.microsoftonline.com/{directory}/v2.0")
            }
            Tipo::Github if typed.is_empty() => "https://github.com".to_owned(),
            Tipo::Github => typed.parse::<Endereco>()?.origin(),
            Tipo::Oidc => {
                typed.parse::<Endereco>()?;
                // As typed: the provedor repeats it letter for letter.
                typed.to_owned()
            }
        };
        if text.contains('?') { Err(Invalid::new("gateway-url")) } else { Ok(Self(text)) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_public(&self) -> bool {
        self.0.parse::<Endereco>().is_ok_and(|endereco| endereco.is_public())
    }
}

impl fmt::Display for Emissor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One whose word the unidade takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provedor {
    pub id: ProvedorId,
    pub tipo: Tipo,
    pub nome: String,
    pub emissor: Emissor,
    pub client_id: String,
    pub segredo: Option<Sealed>,
    pub confia_email: bool,
    pub ativo: bool,
    pub version: i32,
}

impl Provedor {
    /// What a segredo is sealed for.
    fn purpose(id: ProvedorId) -> String {
        format!("provedor:{id}")
    }
}

/// A way in, as the page of entering offers it.
#[derive(Debug, Clone)]
pub(crate) struct Oferta {
    pub id: ProvedorId,
    pub tipo: Tipo,
    pub nome: String,
}

impl Oferta {
    pub(crate) const fn icon(&self) -> &'static str {
        self.tipo.icon()
    }
}

/// Whether the unidade takes anybody's word at all.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn any(tx: &mut TenantTx) -> Result<bool, Fault> {
    sql::any(tx).await
}

pub(crate) fn routes() -> Vec<web::Route> {
    [pages::routes(), entrar_pages::routes(), conta_pages::routes()].into_iter().flatten().collect()
}

#[cfg(test)]
pub(crate) use conta_pages::ProvedoresContaPage;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_kept_letter_for_letter_and_names_one_house() {
        let of = |tipo, typed: &str| Emissor::of(tipo, typed).map(|emissor| emissor.0);
        assert_eq!(of(Tipo::Oidc, " https://login.fiesc.example/realms/a ").unwrap(), "https://login.fiesc.example/realms/a");
        assert_eq!(of(Tipo::Oidc, "https://login.fiesc.example/").unwrap(), "https://login.fiesc.example/");
        assert_eq!(of(Tipo::Google, "https://evil.example").unwrap(), "https://accounts.google.com");
        let directory = "72f988bf-86f1-41af-91ab-2d7cd011db47";
        assert_eq!(of(Tipo::Microsoft, directory).unwrap(), format!("https://login.microsoftonline.com/{directory}/v2.0"));
        for open in ["common", "organizations", "consumers", "fiesc.example", ""] {
            assert_eq!(of(Tipo::Microsoft, open).unwrap_err(), Invalid::new("provedor-diretorio"), "{open}");
        }
        assert_eq!(of(Tipo::Github, "").unwrap(), "https://github.com");
        assert_eq!(of(Tipo::Github, "https://git.fiesc.example/login").unwrap(), "https://git.fiesc.example");
        for wrong in ["", "login.fiesc.example", "https://ana:1@a.example/", "https://a.example/?x=1", "javascript:alert(1)"] {
            assert!(of(Tipo::Oidc, wrong).is_err(), "{wrong:?}");
        }
    }
}
