use std::net::IpAddr;

use uuid::Uuid;

use crate::{Denied, Grants, Permission, Scope};

/// What kind of somebody acts; stored in the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// Nobody has signed in.
    Anonimo,
    /// A person of the unidade, in a browser.
    Usuario,
    /// A program with an API token of the unidade.
    Token,
    /// The product itself: a job, a seed, a migration.
    Sistema,
    /// An admin of the platform.
    Plataforma,
}

impl ActorKind {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Anonimo => "anonimo",
            Self::Usuario => "usuario",
            Self::Token => "token",
            Self::Sistema => "sistema",
            Self::Plataforma => "plataforma",
        }
    }
}

/// Where a request came from; copied into every audit row it causes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestMeta {
    /// The client's address: the peer's, or the forwarded one when the peer is a configured proxy.
    pub ip: Option<IpAddr>,
    /// At most 300 characters.
    pub user_agent: Option<String>,
    pub request_id: Option<Uuid>,
}

/// Who does something, and what they hold while doing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub kind: ActorKind,
    /// Id of the usuario or token; `None` for the system.
    pub id: Option<Uuid>,
    /// The name as it is now: the audit trail keeps it even when the usuario is renamed or gone.
    pub nome: String,
    pub grants: Grants,
    pub meta: RequestMeta,
}

impl Actor {
    /// The product itself, for jobs and seeds.
    #[must_use]
    pub fn sistema() -> Self {
        Self {
            kind: ActorKind::Sistema,
            id: None,
            nome: "SRI".to_owned(),
            grants: Grants::everything(),
            meta: RequestMeta::default(),
        }
    }

    /// Somebody who has not signed in, and may do nothing.
    #[must_use]
    pub fn anonimo(meta: RequestMeta) -> Self {
        Self { kind: ActorKind::Anonimo, id: None, nome: String::new(), grants: Grants::default(), meta }
    }

    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.kind != ActorKind::Anonimo
    }

    /// Id of the usuario, when it is a person of the unidade who acts.
    #[must_use]
    pub fn usuario(&self) -> Option<Uuid> {
        self.id.filter(|_| self.kind == ActorKind::Usuario)
    }

    /// The scope in which the actor holds `permission`.
    ///
    /// # Errors
    /// [`Denied`] when it is not held at all.
    pub fn require(&self, permission: &Permission) -> Result<Scope, Denied> {
        self.grants.scope(permission).ok_or_else(|| Denied { permission: permission.clone() })
    }

    #[must_use]
    pub fn may(&self, permission: &Permission) -> bool {
        self.grants.scope(permission).is_some()
    }
}
