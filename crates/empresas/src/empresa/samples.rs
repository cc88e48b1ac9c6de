//! Made-up empresas for the tests that render pages.

use chrono::{DateTime, Utc};
use kernel::{Cnpj, Reais};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{Cadastro, Empresa, EmpresaId, Porte, Responsavel, SegmentoRef, Situacao};
use crate::{municipio::Municipio, segmento::SegmentoId};

/// Barely filled or full; `long` fills each text to its limit. `None` where a constant text could not be read back.
#[must_use]
pub(crate) fn empresa(full: bool, long: bool, now: DateTime<Utc>) -> Empresa {
    fn text<T: std::str::FromStr>(full: bool, text: &str, long: Option<usize>) -> Option<T> {
        let text = long.map_or_else(|| text.to_owned(), |max| text.chars().cycle().take(max).collect());
        if full { text.trim().parse().ok() } else { None }
    }
    let max = |max: usize| long.then_some(max);
    let uf = "SC".parse().ok();
    let cadastro = Cadastro {
        cnpj: Cnpj::from_base("12ABC34501DE").unwrap_or_else(|_| unreachable!("twelve letters and digits")),
        nome: text(true, "Metalúrgica Aurora <Ltda>", max(200)).unwrap_or_else(|| unreachable!("a short text")),
        nome_fantasia: text(full, "Aurora", max(200)),
        inscricao_estadual: text(full, "ISENTO", None),
        cnae: text(full, "2511-0/00", None),
        segmento: full.then(|| SegmentoRef::Known { id: SegmentoId::new(Uuid::nil()), nome: "Metalmecânica".into() }),
        porte: full.then_some(Porte::Medio),
        situacao: Some(Situacao::Estrategico),
        email: text(full, "contato@aurora.example", None),
        telefone: text(full, "(47) 3433-0000", None),
        site: text(full, "https://aurora.example", None),
        cep: text(full, "89201-100", None),
        logradouro: text(full, "Rua Dona Francisca", max(200)),
        numero: text(full, "8300", None),
        complemento: text(full, "Galpão 2, portaria norte", max(100)),
        bairro: text(full, "Zona Industrial Norte", max(100)),
        municipio: uf.filter(|_| full).map(|uf| Municipio { codigo: 4209102, nome: "Joinville".into(), uf }),
        uf,
        contato_nome: text(full, "Eduardo Lange", max(120)),
        contato_cargo: text(full, "Produção", max(80)),
        responsavel: full.then(|| Responsavel::Usuario { id: Uuid::nil(), nome: "Marina Costa".into() }),
        data_fundacao: if full { now.date_naive().checked_sub_days(chrono::Days::new(9_000)) } else { None },
        faturamento: if full { Reais::try_from(Decimal::new(123_456_789, 2)).ok() } else { None },
        funcionarios: full.then_some(176),
        observacoes: text(full, "Prefere contato pela manhã.\nPedir por e-mail.", max(4000)),
        data_cadastro: Some(now.date_naive()),
    };
    let id = EmpresaId::new(Uuid::nil());
    Empresa { id, cadastro, version: 3, created_at: now, updated_at: now, deleted_at: None, vinculados: Vec::new() }
}
