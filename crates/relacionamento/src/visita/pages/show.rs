//! One visita: where it stands and the steps from there, what came of it, who goes, its reports and its history.

use acesso::ausencia;
use askama::Template;
use axum::{
    extract::Multipart,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use documentos::{
    arquivo::Arquivo,
    documento::{DocumentoId, Pasta},
};
use empresas::{
    documento::{
        self,
        pages::{
            DocumentoShow,
            upload::{self, Desk, Sent},
        },
    },
    empresa::{
        self, EmpresaId,
        pages::mapa::{Address, Map},
    },
};
use kernel::Invalid;
use serde::Deserialize;
use web::{
    Ctx, CtxInner, Error, FormBody, MapTiles, Page, Query, filters,
    forms::FormState,
    frame::{Frame, Tone, iniciais},
    redirect,
    timeline::{self, Day},
};

use super::{Here, VisitaChegar, VisitaDelete, VisitaRelatorios, VisitaRestore, VisitaShow};
use crate::feriado;
use crate::tarefa::{Sobre, pages::Cartao};
use crate::visita::{
    self, ENTITY, Horario, Posicao, Reach, Situacao, Visita,
    anexar::{KINDS, anexar as attach},
    chegar::{PRECISAO_MAX, chegar as arrive},
    excluir::{excluir, restaurar},
    lista, sql,
};

/// Moments of its history that are shown.
const MOMENTS: usize = 30;

/// A text that may be long, under its heading.
#[derive(Debug)]
struct Text {
    label: &'static str,
    text: String,
}

/// Another visita at the same time.
#[derive(Debug)]
struct Overlap {
    href: String,
    empresa: String,
    from: String,
    until: String,
}

#[derive(Template)]
#[template(path = "relacionamento/visita/show.html")]
pub struct VisitaShowPage {
    frame: Frame,
    visita: Visita,
    path: String,
    /// Its day, and from when until when on it.
    day: String,
    hours: String,
    /// The empresa's record, for whoever sees it.
    empresa: Option<String>,
    iniciais: String,
    /// Where it is: as the visita says, or the address of the empresa.
    place: String,
    open: Option<String>,
    /// Where whoever went said that they are; before that, where the município of the empresa is.
    map: Option<Map>,
    municipio: String,
    chegada: Option<String>,
    chegada_open: Option<String>,
    texts: Vec<Text>,
    overlaps: Vec<Overlap>,
    /// Who is away then, and whether the unidade works on that day.
    impedimentos: Vec<String>,
    /// Path and name; the path for whoever may read documentos.
    relatorios: Vec<(Option<String>, String)>,
    enviar: bool,
    form: FormState,
    accept: String,
    recent: Vec<Day>,
    here: Here,
    begun: bool,
    cartao: Cartao,
}

/// What a page of a visita shows beside it.
struct Beside {
    address: Address,
    map: Option<Map>,
    /// Whether the reader sees the empresa's record, its documentos, and may send more.
    empresa: bool,
    ver: bool,
    enviar: bool,
    relatorios: Vec<visita::Pessoa>,
    overlaps: Vec<sql::Overlap>,
    impedimentos: Vec<String>,
    recent: Vec<Day>,
    here: Here,
    cartao: Cartao,
}

impl Beside {
    async fn load(ctx: &mut CtxInner, frame: &Frame, visita: &Visita) -> Result<Self, Error> {
        let empresa = empresa::find(&mut ctx.tx, visita.empresa_id, Reach::all()).await?.ok_or_else(Error::not_found)?;
        let may = |permission| Reach::of(&ctx.actor, permission).is_ok_and(|reach| reach.covers(&empresa));
        let (sees, ver, enviar) = (may(&empresa::VER), may(&documento::VER), may(&documento::ENVIAR));
        let (mut overlaps, mut impedimentos) = (Vec::new(), Vec::new());
        if visita.situacao == Situacao::Planejada {
            overlaps = sql::overlaps(&mut ctx.tx, visita, Reach::of(&ctx.actor, &visita::VER)?).await?;
            impedimentos = self::impedimentos(ctx, frame, visita).await?;
        }
        let posicao = visita.chegada.and_then(|chegada| chegada.posicao);
        let map = match posicao {
            Some(one) => Map::at(ctx, one.latitude, one.longitude),
            // Another place was said, in words that no map knows.
            None if visita.local.is_some() => None,
            None => Map::of(ctx, &empresa.cadastro).await?,
        };
        Ok(Self {
            address: Address::new(&empresa.cadastro),
            map,
            empresa: sees,
            ver,
            enviar,
            relatorios: sql::relatorios(&mut ctx.tx, visita.id).await?,
            overlaps,
            impedimentos,
            recent: timeline::newest(ctx, frame, ENTITY, visita.id.uuid(), MOMENTS).await?,
            here: Here::load(ctx, visita).await?,
            cartao: Cartao::load(ctx, frame, Sobre { entity: ENTITY, id: visita.id.uuid() }, false).await?,
        })
    }
}

/// What speaks against the day of a visita: who of those who go is away, and a feriado.
async fn impedimentos(ctx: &mut CtxInner, frame: &Frame, visita: &Visita) -> Result<Vec<String>, Error> {
    let Horario { inicio_at, fim_at } = visita.horario;
    let day = |at: DateTime<Utc>| at.with_timezone(&frame.zone).date_naive();
    let (first, last) = (day(inicio_at), day(fim_at));
    let pessoas: Vec<_> = visita.responsavel_id.into_iter().chain(visita.colegas.iter().map(|pessoa| pessoa.id)).collect();
    let away = ausencia::during(&mut ctx.tx, &pessoas, first, last).await?;
    let away = away.into_iter().map(|one| {
        let until = frame.date(one.dados.data_fim);
        let args = [
            ("nome", one.nome.as_str().into()),
            ("motivo", frame.t(one.dados.motivo.label()).into()),
            ("ate", until.as_str().into()),
        ];
        frame.t_with("visita-ausente", &args)
    });
    let feriados = feriado::during(&mut ctx.tx, ctx.lang, first, last).await?;
    let feriados = feriados.into_iter().map(|(_, nome)| frame.t_with("visita-feriado", &[("nome", nome.as_str().into())]));
    Ok(away.chain(feriados).collect())
}

impl VisitaShowPage {
    fn new(frame: Frame, form: FormState, visita: Visita, beside: Beside) -> Self {
        let visitas = frame.t("visitas-title");
        let day = visita.horario.inicio_at.with_timezone(&frame.zone).date_naive();
        let title = format!("{} · {}", visita.empresa_nome, frame.date(day));
        let frame = frame.title(title).crumb(visitas, "/visitas");
        let time = |at| idioma::time_of_day(frame.zone, at);
        let maps = |place: &str| {
            let place: String = url::form_urlencoded::byte_serialize(place.as_bytes()).collect();
            format!("https://www.google.com/maps/search/?api=1&query={place}")
        };
        let own = visita.local.clone();
        let (place, open) = match own {
            Some(local) => {
                let open = Some(maps(&local));
                (local, open)
            }
            None => (beside.address.line(), beside.address.open.clone()),
        };
        let texts = [
            ("visita-objetivo", Some(visita.objetivo.clone())),
            ("visita-resumo", visita.resumo.clone()),
            ("visita-proximos-passos", visita.proximos_passos.clone()),
            ("visita-motivo", visita.motivo.clone()),
        ];
        let texts = texts.into_iter().filter_map(|(label, text)| text.map(|text| Text { label: frame.t(label), text }));
        let overlap = |one: sql::Overlap| Overlap {
            href: VisitaShow { id: one.id }.to_string(),
            empresa: one.empresa,
            from: time(one.inicio_at),
            until: time(one.fim_at),
        };
        let relatorio = |one: visita::Pessoa| {
            let shown = DocumentoShow { id: visita.empresa_id, documento: DocumentoId::new(one.id) };
            (beside.ver.then(|| shown.to_string()), one.nome)
        };
        let posicao = visita.chegada.and_then(|chegada| chegada.posicao);
        Self {
            path: VisitaShow { id: visita.id }.to_string(),
            day: idioma::date_long(frame.lang, day),
            hours: format!("{} – {}", time(visita.horario.inicio_at), time(visita.horario.fim_at)),
            empresa: beside.empresa.then(|| empresa::pages::EmpresaShow { id: visita.empresa_id }.to_string()),
            iniciais: iniciais(&visita.empresa_nome),
            place,
            open,
            map: beside.map,
            municipio: beside.address.municipio,
            chegada: visita.chegada.map(|chegada| frame.datetime(chegada.at)),
            chegada_open: posicao.map(|one| maps(&format!("{:.6},{:.6}", one.latitude, one.longitude))),
            texts: texts.collect(),
            overlaps: beside.overlaps.into_iter().map(overlap).collect(),
            impedimentos: beside.impedimentos,
            relatorios: beside.relatorios.into_iter().map(relatorio).collect(),
            enviar: beside.enviar && beside.here.alterar,
            accept: KINDS.map(|kind| format!(".{}", kind.code())).join(","),
            recent: beside.recent,
            here: beside.here,
            begun: visita.has_begun(frame.now),
            cartao: beside.cartao,
            form,
            visita,
            frame,
        }
    }

    /// For the test that renders every page: each state, barely filled, full and the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |situacao: Situacao, full: bool, long: bool| {
            let visita = visita::samples::visita(situacao, full, long, frame.now);
            let relatorio = || visita::Pessoa { id: uuid::Uuid::nil(), nome: "Ata <b>Aurora</b>.pdf".to_owned() };
            let overlap = || sql::Overlap {
                id: visita.id,
                empresa: "Têxtil <b>Aurora</b>".to_owned(),
                inicio_at: visita.horario.inicio_at,
                fim_at: visita.horario.fim_at,
            };
            let tiles =
                || MapTiles::read("https://tile.example/{z}/{x}/{y}.png", "© <b>Aurora</b> https://tile.example/").ok().flatten();
            let map = || tiles().map(|tiles| Map { latitude: -26.3, longitude: -48.85, tiles });
            let beside = Beside {
                address: Address::default(),
                map: if full { map() } else { None },
                empresa: full,
                ver: long,
                enviar: full,
                relatorios: if full { vec![relatorio()] } else { Vec::new() },
                overlaps: if long { vec![overlap()] } else { Vec::new() },
                impedimentos: if long { vec!["Marina <b>Aurora</b>".to_owned()] } else { Vec::new() },
                recent: if full { timeline::Told::sample(frame).days } else { Vec::new() },
                here: Here { alterar: full, excluir: full },
                cartao: Cartao::sample(frame, if long { 12 } else { 0 }),
            };
            let mut form = FormState::new();
            if long {
                form.fail("arquivo", Invalid::new("visita-relatorio"));
            }
            Self::new(frame.clone(), form, visita, beside)
        };
        vec![
            ("bare", page(Situacao::Planejada, false, false)),
            ("planejada", page(Situacao::Planejada, true, false)),
            ("longest", page(Situacao::Planejada, true, true)),
            ("realizada", page(Situacao::Realizada, true, true)),
            ("cancelada", page(Situacao::Cancelada, true, false)),
        ]
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// Code of why a file was not kept just now.
    recusado: Option<String>,
}

pub(crate) async fn show(path: VisitaShow, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::new();
    if let Some(code) = asked.recusado {
        form.fail("arquivo", Invalid::new(REFUSED.into_iter().find(|known| *known == code).unwrap_or(REFUSED[0])));
    }
    let visita = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let frame = ctx.frame();
    let beside = Beside::load(ctx, &frame, &visita).await?;
    let map = beside.map.clone();
    Ok(Map::on(map.as_ref(), Page(VisitaShowPage::new(frame, form, visita, beside)).into_response()))
}

/// From a telephone: whoever does not tell where they are is there all the same.
pub(crate) async fn chegar(path: VisitaChegar, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    arrive(&mut ctx.tx, &ctx.actor, path.id, posicao(&form)).await?;
    Ok(redirect(&VisitaShow { id: path.id }.to_string(), Some((Tone::Success, "toast-visita-chegada"))))
}

/// What the browser said, where it makes sense.
fn posicao(form: &FormState) -> Option<Posicao> {
    let number = |field: &str, most: f64| form.raw(field).parse::<f64>().ok().filter(|n| n.is_finite() && n.abs() <= most);
    let (latitude, longitude) = number("latitude", 90.0).zip(number("longitude", 180.0))?;
    let precisao = number("precisao", f64::from(PRECISAO_MAX)).filter(|metres| *metres >= 0.0)?;
    #[expect(clippy::cast_possible_truncation, reason = "within a hundred thousand")]
    let precisao = precisao.ceil() as i32;
    Some(Posicao { latitude, longitude, precisao })
}

/// A written report, PDF or DOCX, into the documentos of the empresa.
pub(crate) async fn anexar(path: VisitaRelatorios, mut ctx: Ctx, body: Multipart) -> Result<Response, Error> {
    let show = VisitaShow { id: path.id }.to_string();
    let (empresa, pasta) = {
        let ctx = &mut *ctx;
        let visita = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
        // One name for all, whoever sends.
        (visita.empresa_id, idioma::t(ctx.unidade.lang(None), "pasta-visitas").parse::<Pasta>().unwrap_or_default())
    };
    let wants_page = ctx.visit().wants_page;
    let desk = Desk::open(ctx, empresa).await?;
    let sent = match Sent::read(&desk, body).await?.single(&desk).await {
        Ok((_, arquivo)) => keep(&desk, empresa, path, &pasta, &arquivo).await,
        Err(error) => Err(error),
    };
    match sent {
        Ok(()) => Ok(redirect(&show, Some((Tone::Success, "toast-visita-relatorio")))),
        Err(error) if wants_page && error.status_code().is_client_error() && !error.fields().is_empty() => {
            let code = error.fields().first().map_or(REFUSED[0], |field| field.invalid.code);
            Ok(redirect(&format!("{show}?recusado={code}#relatorios"), None))
        }
        Err(error) => Err(error),
    }
}

/// Why a file was not kept, of which the page tells; the first of any other.
const REFUSED: [&str; 5] = ["visita-arquivo", "visita-relatorio", "required", "file-single", "file-quota"];

async fn keep(desk: &Desk, empresa: EmpresaId, path: VisitaRelatorios, pasta: &Pasta, arquivo: &Arquivo) -> Result<(), Error> {
    upload::claim(desk, empresa, arquivo, async |tx, dono| {
        attach(tx, &desk.actor, path.id, dono, pasta, arquivo).await.map(drop).map_err(Error::from)
    })
    .await
}

pub(crate) async fn delete(path: VisitaDelete, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = FormState::from_body(&body).raw("version").parse().ok();
    excluir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    Ok(redirect(&format!("/visitas?excluida={}", path.id), None))
}

pub(crate) async fn restore(path: VisitaRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&VisitaShow { id: path.id }.to_string(), Some((Tone::Success, "toast-visita-restaurada"))))
}
