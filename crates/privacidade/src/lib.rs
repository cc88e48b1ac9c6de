//! What the law gives to those whose data are kept (LGPD, Lei 13.709/2018): what there is of them and why, all of it in their
//! hands, and its end.
//!
//! The rules it protects: nothing is kept of anybody that nobody has declared ([`mapa`]); who is asked about is shown whole, over
//! all modules ([`titular`]); who was erased stays erased ([`apagamento`]); what people ask is answered in time ([`pedido`]), and what
//! happened to their data is told in time ([`incidente`]).

mod acervos;
pub mod apagamento;
pub mod encarregado;
mod file;
pub mod incidente;
mod instante;
pub mod mapa;
pub mod pedido;
mod prazos;
pub mod titular;

pub use apagamento::restore::Apagados;

use ::jobs::Schedule;
use chrono::NaiveDate;
use kernel::{Fault, Permission};
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
                encarregado::pages::routes(),
            ];
            all.into_iter().flatten().collect()
        },
        permissions: PERMISSIONS,
        settings: SETTINGS,
        acervos: acervos::ACERVOS,
        schedules,
        ..Module::named("privacidade")
    }
}

/// Jobs of this crate, for workers.
#[must_use]
pub fn handlers(platform: &Platform) -> Vec<jobs::Handler> {
    apagamento::jobs::handlers(platform).into_iter().chain(incidente::carta::handlers()).chain(prazos::handlers()).collect()
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

static PERMISSIONS: &[PermissionInfo] = &[
    PermissionInfo { permission: VER, scoped: false },
    PermissionInfo { permission: APAGAR, scoped: false },
    PermissionInfo { permission: pedido::ATENDER, scoped: false },
    PermissionInfo { permission: incidente::GERIR, scoped: false },
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
    Recibos,
    Mapa,
    Encarregado,
}

impl Aba {
    const ALL: [Self; 6] = [Self::Titulares, Self::Pedidos, Self::Incidentes, Self::Recibos, Self::Mapa, Self::Encarregado];

    fn tabs(self, frame: &Frame) -> Vec<Tab> {
        let tab = |aba: Self| {
            let (label, href) = match aba {
                Self::Titulares => ("titulares-tab", "/configuracoes/privacidade"),
                Self::Pedidos => ("pedidos-tab", "/configuracoes/privacidade/pedidos"),
                Self::Incidentes => ("incidentes-tab", "/configuracoes/privacidade/incidentes"),
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

#[cfg(test)]
mod tests {
    use askama::DynTemplate;
    use serde_json::json;
    use uuid::Uuid;
    use web::{
        forms::FormState,
        titular::{Efeito, Titular},
    };

    use super::*;

    fn titular(nome: &str, full: bool) -> Titular {
        Titular {
            kind: "contato",
            id: Uuid::nil(),
            nome: nome.to_owned(),
            email: full.then(|| "sueli@aurora.example".to_owned()),
            telefone: full.then(|| "+5547999990000".to_owned()),
            sub: "Metalúrgica <b>Aurora</b>".to_owned(),
        }
    }

    fn dossie(nome: &str, registros: usize) -> titular::Dossie {
        let acervo: &'static web::titular::Acervo = &acesso::module().acervos[0];
        let registro = json!({ "nome": nome, "created_at": "2026-11-22T12:00:00Z", "x": [1, true], "values": { "email": "a" } });
        let partes = vec![titular::Parte { acervo, registros: vec![registro; registros] }];
        titular::Dossie { titular: titular(nome, true), partes }
    }

    fn receipt(frame: &Frame) -> apagamento::Apagamento {
        apagamento::Apagamento {
            id: Uuid::nil(),
            protocolo: "LGPD-20261123-0000ABCD".into(),
            titular_kind: "contato".into(),
            titular_id: Uuid::nil(),
            por_nome: true,
            efeitos: vec![
                ("conta".into(), Efeito { apagados: 1, anonimizados: 2, mantidos: 3 }),
                ("gone-since".into(), Efeito::default()),
            ],
            actor_nome: "Marina <b>Costa</b>".into(),
            created_at: frame.now,
            reapplied_at: Some(frame.now),
        }
    }

    fn pages(frame: &Frame) -> Vec<Box<dyn DynTemplate>> {
        let modules = [acesso::module()];
        let long = "Maximiliano ".repeat(40);
        let done = receipt(frame);
        let search = |asked: &str, found| {
            titular::pages::TitularesPage::new(frame.clone(), asked.to_owned(), found, None, |_| "titular-usuario")
        };
        let erase = |person: Titular, por_nome| {
            let form = FormState::from_body(b"confirmacao=%3Cb%3ECosta");
            apagamento::pages::ApagarPage::new(frame.clone(), &modules, form, person, por_nome, &done.efeitos)
        };
        vec![
            Box::new(mapa::pages::MapaPage::new(frame.clone())),
            Box::new(search("", Vec::new())),
            Box::new(search("<b>Costa", Vec::new())),
            Box::new(search("a", Vec::new())),
            Box::new(search("sueli", vec![titular("<b>Costa</b>", false), titular(&long, true)])),
            Box::new(titular::pages::DossiePage::new(frame.clone(), &dossie("<b>Costa</b>", 100), true, None)),
            Box::new(titular::pages::DossiePage::new(frame.clone(), &dossie(&long, 1), false, None)),
            Box::new(erase(titular("<b>Costa</b>", true), true)),
            Box::new(erase(titular(&long, false), false)),
            Box::new(apagamento::pages::RecibosPage::new(frame.clone(), &[])),
            Box::new(apagamento::pages::RecibosPage::new(frame.clone(), std::slice::from_ref(&done))),
            Box::new(apagamento::pages::ReciboPage::new(frame.clone(), &modules, &done)),
        ]
    }

    #[test]
    fn every_page_renders_in_every_frame() {
        for frame in Frame::samples() {
            for page in pages(&frame) {
                let page = page.dyn_render().unwrap();
                assert!(page.contains("</html>") && !page.contains("/assets/missing"));
                assert!(!page.contains("<b>Costa") && !page.contains("<b>Aurora"), "what people type is text");
                assert!(!page.contains(" style=\"") && !page.contains(" onclick="), "the content security policy forbids them");
            }
        }
    }

    /// For everybody, or for everybody who is signed in.
    const OPEN: [&str; 3] = ["/privacidade", "/privacidade/pedidos/{token}", "/conta/privacidade"];

    #[test]
    fn routes_and_permissions_are_declared() {
        let module = module();
        assert!((module.schedules)().is_ok_and(|all| all.len() == 2));
        let permissions: Vec<_> = module.permissions.iter().map(|info| info.permission.clone()).collect();
        for route in module.route_infos() {
            let web::Access::Needs(needed) = &route.access else {
                assert!(OPEN.contains(&route.path), "{} is open", route.path);
                continue;
            };
            assert!(permissions.contains(needed), "{} needs {needed}, which the module does not declare", route.path);
            assert_eq!(route.path.matches('{').count(), route.ids.len(), "{}", route.path);
        }
    }
}
