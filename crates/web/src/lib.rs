//! What every page and every route of the house shares: which site a request is for, its one transaction, who acts, how
//! errors are answered, and what a module declares.
//!
//! The rule it protects: a handler runs only behind [`ctx`], inside one unidade, with the route's permission checked.

pub mod agenda;
pub mod api;
mod app;
mod assets;
pub mod attached;
pub mod busca;
pub mod cookies;
mod ctx;
mod docs;
mod edge;
mod error;
mod error_page;
mod extract;
pub mod filters;
pub mod forms;
pub mod frame;
mod host;
mod identity;
pub mod list;
pub mod live;
pub mod lixeira;
mod map;
mod module;
mod nav;
mod page;
pub mod pecas;
mod quota;
pub mod record;
mod route;
pub mod selection;
mod serve;
pub mod sheet;
pub mod timeline;
pub mod titular;
pub mod vocabulary;

pub use app::{App, Inner as AppParts, WebConfig};
pub use ctx::{Ctx, Inner as CtxInner};
pub use edge::{Visit, edge};
pub use error::{Error, Result};
pub use extract::{BadPath, FormBody, Json, Query, whole};
pub use host::{Domain, HostError, Site, authority};
pub use identity::{Identity, SignedIn, Suporte};
pub use map::MapTiles;
pub use module::{Module, Nav, NavPlace, PermissionInfo, Setting, Step};
pub use page::{Page, coming_back, local_path, redirect};
pub use quota::{Pace, Quota};
pub use route::{Access, Entered, Route, RouteInfo, Sample};
pub use serve::{Peer, ServeLimits, serve};
