//! What the law gives to those whose data are kept (LGPD, Lei 13.709/2018): what there is of them and why, all of it in their
//! hands, and its end.
//!
//! The rules it protects: nothing is kept of anybody that nobody has declared ([`mapa`]); who is asked about is shown whole, over
//! all modules ([`titular`]); who was erased stays erased ([`apagamento`]); what people ask is answered in time ([`pedido`]), and what
//! happened to their data is told in time ([`incidente`]); what only they can allow is done while they do ([`consentimento`]).

mod acervos;
pub mod apagamento;
mod coded;
pub mod consentimento;
pub mod encarregado;
mod file;
pub mod incidente;
mod instante;
pub mod mapa;
pub mod pedido;
mod prazos;
#[cfg(test)]
mod tests;
pub mod titular;

pub use apagamento::restore::Apagados;

use ::jobs::Schedule;
use chrono::NaiveDate;
use kernel::{Fault, Permission};
use messaging::NoticeKind;
use tenancy::Platform;
use uuid::Uuid;
use web::{Module, PermissionInfo, Setting, frame::Frame, pecas::Tab};

/// May see what the unidade keeps of people, and hand it to them.
pub const VER: Permission = Permission::new("privacidade.titular.ver");
/// May erase a person. For good.
pub const APAGAR: Permission = Permission::new("privacidade.titular.apagar");

/// What this crate hands to the server.
#[must_use]
pub fn module() -> Module {
    Module {
        core: true,
        routes: || {
            let all = [
                mapa::pages::routes(),
                mapa::exportar::routes(),
                titular::pages::routes(),
                apagamento::pages::routes(),
                pedido::pages::routes(),
                pedido::publico::routes(),
                incidente::pages::routes(),
                consentimento::pages::routes(),
                consentimento::publico::routes(),
                consentimento::conta::routes(),
                encarregado::pages::routes(),
            ];
            all.into_iter().flatten().collect()
        },
        permissions: PERMISSIONS,
        settings: SETTINGS,
        acervos: acervos::ACERVOS,
        notices: NOTICES,
        schedules,
        ..Module::named("privacidade")
    }
}

/// Jobs of this crate, for workers.
#[must_use]
pub fn handlers(platform: &Platform) -> Vec<jobs::Handler> {
    let all = [apagamento::jobs::handlers(platform), incidente::carta::handlers(), consentimento::handlers(), prazos::handlers()];
    all.into_iter().flatten().collect()
}

fn schedules() -> Result<Vec<Schedule>, Fault> {
    let mut all = apagamento::jobs::schedules()?;
    all.extend(prazos::schedules()?);
    Ok(all)
}

/// `LGPD-20261123-1A2B3C4D`: what it is, the day, and the end of the id.
fn protocolo(prefix: &str, id: Uuid, day: NaiveDate) -> String {
    let tail = id.as_u128() & 0xffff_ffff;
    format!("{prefix}-{}-{tail:08X}", day.format("%Y%m%d"))
}

static NOTICES: &[&NoticeKind] = &[&pedido::NOTICE, &incidente::NOTICE];

static PERMISSIONS: &[PermissionInfo] = &[
    PermissionInfo { permission: VER, scoped: false },
    PermissionInfo { permission: APAGAR, scoped: false },
    PermissionInfo { permission: pedido::ATENDER, scoped: false },
    PermissionInfo { permission: incidente::GERIR, scoped: false },
    PermissionInfo { permission: consentimento::GERIR, scoped: false },
];

static SETTINGS: &[Setting] = &[Setting {
    title: "privacidade-title",
    text: "privacidade-sub",
    icon: "shield-check",
    href: "/configuracoes/privacidade",
    permission: VER,
}];

/// Pages of the module that stand beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aba {
    Titulares,
    Pedidos,
    Incidentes,
    Consentimentos,
    Recibos,
    Mapa,
    Encarregado,
}

impl Aba {
    const ALL: [Self; 7] =
        [Self::Titulares, Self::Pedidos, Self::Incidentes, Self::Consentimentos, Self::Recibos, Self::Mapa, Self::Encarregado];

    fn tabs(self, frame: &Frame) -> Vec<Tab> {
        let tab = |aba: Self| {
            let (label, href) = match aba {
                Self::Titulares => ("titulares-tab", "/configuracoes/privacidade"),
                Self::Pedidos => ("pedidos-tab", "/configuracoes/privacidade/pedidos"),
                Self::Incidentes => ("incidentes-tab", "/configuracoes/privacidade/incidentes"),
                Self::Consentimentos => ("consentimentos-tab", "/configuracoes/privacidade/finalidades"),
                Self::Encarregado => ("encarregado-tab", "/configuracoes/privacidade/encarregado"),
                Self::Recibos => ("recibos-title", "/configuracoes/privacidade/recibos"),
                Self::Mapa => ("mapa-tab", "/configuracoes/privacidade/mapa"),
            };
            Tab { active: aba == self, ..Tab::new(frame.t(label), href) }
        };
        Self::ALL.map(tab).into()
    }
}

/// A frame below the settings.
fn below(frame: Frame) -> Frame {
    acesso::configuracoes::below(frame)
}
