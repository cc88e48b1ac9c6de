//! The tab that shows where an empresa is: its município on a map, its address in words, and the way into a map application.

use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{Ctx, CtxInner, Error, MapTiles, Page, filters, frame::Frame};

use super::header::{self, Header};
use crate::empresa::{Cadastro, Campo, EmpresaId, sql};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/mapa", rejection(web::BadPath))]
pub struct EmpresaMapa {
    pub id: EmpresaId,
}

#[derive(Template)]
#[template(path = "empresas/empresa/mapa.html")]
pub struct MapaPage {
    frame: Frame,
    header: Header,
    address: Address,
    /// The position, when it is known and maps are on.
    map: Option<Map>,
}

/// Where an empresa says that it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// As on an envelope.
    pub lines: Vec<String>,
    pub municipio: String,
    /// Opens it in the person's map application, or on the web.
    pub open: Option<String>,
    pub route: Option<String>,
}

/// A place on the map.
#[derive(Debug, Clone)]
pub struct Map {
    pub latitude: f64,
    pub longitude: f64,
    pub tiles: MapTiles,
}

impl Map {
    /// `None` where maps are off.
    #[must_use]
    pub fn at(ctx: &CtxInner, latitude: f64, longitude: f64) -> Option<Self> {
        ctx.app.values.get::<MapTiles>().cloned().map(|tiles| Self { latitude, longitude, tiles })
    }

    /// Where the município of an empresa lies; `None` where that is not known, too.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn of(ctx: &mut CtxInner, cadastro: &Cadastro) -> Result<Option<Self>, Error> {
        let Some(municipio) = &cadastro.municipio else { return Ok(None) };
        let position = sql::position(&mut ctx.tx, municipio.codigo).await?;
        Ok(position.and_then(|(latitude, longitude)| Self::at(ctx, latitude, longitude)))
    }

    /// A page with a map on it may load its pictures.
    #[must_use]
    pub fn on(map: Option<&Self>, page: Response) -> Response {
        match map {
            Some(map) => map.tiles.on(page),
            None => page,
        }
    }
}

impl Address {
    #[must_use]
    pub fn new(c: &Cadastro) -> Self {
        fn joined(parts: [String; 2], by: &str) -> String {
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(by)
        }
        let text = |campo: Campo| c.text(campo);
        let municipio = joined([text(Campo::Municipio), text(Campo::Uf)], " - ");
        let street = joined([text(Campo::Logradouro), text(Campo::Numero)], ", ");
        let lines: Vec<String> = [street, text(Campo::Complemento), text(Campo::Bairro), municipio.clone(), text(Campo::Cep)]
            .into_iter()
            .filter(|line| !line.is_empty())
            .collect();
        // A UF or a CEP alone is no place to go to.
        let found = !text(Campo::Municipio).is_empty() || !text(Campo::Logradouro).is_empty();
        let place: String = url::form_urlencoded::byte_serialize(format!("{}, Brasil", lines.join(", ")).as_bytes()).collect();
        Self {
            open: found.then(|| format!("https://www.google.com/maps/search/?api=1&query={place}")),
            route: found.then(|| format!("https://www.google.com/maps/dir/?api=1&destination={place}")),
            municipio,
            lines,
        }
    }

    /// On one line.
    #[must_use]
    pub fn line(&self) -> String {
        self.lines.join(", ")
    }
}

pub(crate) async fn show(path: EmpresaMapa, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let (empresa, frame, header) = header::open(ctx, path.id, Some("empresa-tab-mapa")).await?;
    let map = Map::of(ctx, &empresa.cadastro).await?;
    let page = MapaPage { address: Address::new(&empresa.cadastro), map: map.clone(), frame, header };
    Ok(Map::on(map.as_ref(), Page(page).into_response()))
}

impl MapaPage {
    /// For the test that renders every page: on a map, without one, and without an address.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let made = |full: bool, map: bool| {
            let empresa = crate::empresa::samples::empresa(full, full, frame.now);
            let frame = header::framed(frame.clone(), &empresa, Some("empresa-tab-mapa"));
            let tiles =
                MapTiles::read("https://tile.example/{z}/{x}/{y}.png", "© <b>Aurora</b> https://tile.example/").ok().flatten();
            let map = tiles.filter(|_| map).map(|tiles| Map { latitude: -26.3, longitude: -48.85, tiles });
            Self { header: Header::sample(&frame, full, full), address: Address::new(&empresa.cadastro), map, frame }
        };
        vec![("map", made(true, true)), ("no map", made(true, false)), ("no address", made(false, false))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_said_in_full_and_opens_elsewhere() {
        let empresa = |full| crate::empresa::samples::empresa(full, false, chrono::DateTime::UNIX_EPOCH);
        let address = Address::new(&empresa(true).cadastro);
        assert_eq!(
            address.lines,
            ["Rua Dona Francisca, 8300", "Galpão 2, portaria norte", "Zona Industrial Norte", "Joinville - SC", "89201-100"]
        );
        let open = address.open.unwrap();
        assert!(
            open.ends_with("query=Rua+Dona+Francisca%2C+8300%2C+Galp%C3%A3o+2%2C+portaria+norte%2C+Zona+Industrial+Norte%2C+Joinville+-+SC%2C+89201-100%2C+Brasil")
        );
        let bare = Address::new(&empresa(false).cadastro);
        assert_eq!((bare.lines, bare.open), (vec!["SC".to_owned()], None));
    }
}
