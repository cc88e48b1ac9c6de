//! Empresas by the thousand, the same at every run.

use std::fmt::Write;

use anyhow::Result;
use server::demo::empresa::Empresa;
use tenancy::Unidade;

use crate::pg::Server;

pub(crate) const COPY: &str = "COPY empresa (id, nome, nome_fantasia, cnpj, inscricao_estadual, cnae, segmento_id, porte, situacao, email, telefone, site, cep,
    logradouro, numero, bairro, municipio_id, cidade, uf, contato_nome, contato_cargo, data_fundacao, faturamento, funcionarios, observacoes,
    data_cadastro, created_at, updated_at) FROM STDIN";

/// A line for [`COPY`].
pub(crate) fn line(text: &mut String, empresa: &Empresa, segmentos: &[(String, String)]) -> Result<()> {
    let (cidade, codigo, uf) = empresa.municipio();
    let segmento = segmentos.iter().find(|(nome, _)| nome == empresa.segmento()).map_or("\\N", |(_, id)| id);
    let telefone: String = empresa.telefone().chars().filter(char::is_ascii_digit).collect();
    let fundacao = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)
        .and_then(|zero| zero.checked_add_days(chrono::Days::new(empresa.fundacao().into())));
    // Ids rise as those of the product do, and their times with them.
    let number = u128::from(empresa.number);
    let id = uuid::Uuid::from_u128(((0x0192_0000_0000 + number) << 80) + (0x7000_8000 << 48) + number);
    writeln!(
        text,
        "{id}\t{}\t{}\t{}\t{}\t{}\t{segmento}\t{}\t{}\t{}\t+55{telefone}\t{}\t{}\t{}\t{}\t{}\t{codigo}\t{cidade}\t{uf}\t{}\t{}\t{}\t{}.{:02}\t{}\t{}\t2026-01-02\t\
         2026-01-02 12:00:00+00\t2026-01-02 12:00:00+00",
        empresa.nome(),
        empresa.nome_fantasia(),
        empresa.cnpj()?.as_str(),
        empresa.inscricao_estadual(),
        empresa.cnae(),
        empresa.porte(),
        empresa.situacao(),
        empresa.email(),
        empresa.site(),
        empresa.cep(),
        empresa.logradouro(),
        empresa.numero(),
        empresa.bairro(),
        empresa.contato(),
        empresa.cargo(),
        fundacao.unwrap_or_default(),
        empresa.faturamento() / 100,
        empresa.faturamento() % 100,
        empresa.funcionarios(),
        empresa.observacoes(),
    )?;
    Ok(())
}

/// Gives a unidade `count` empresas and has the server know them.
pub(crate) async fn fill(server: &Server, unidade: &Unidade, count: u64) -> Result<()> {
    copy(server, unidade, count).await?;
    let mut superuser = server.connect().await?;
    superuser.run(format!("VACUUM ANALYZE {}.empresa", unidade.names().schema())).await?;
    superuser.close().await
}

/// Copies `count` empresas into a unidade; answers the seconds of the COPY alone.
pub(crate) async fn copy(server: &Server, unidade: &Unidade, count: u64) -> Result<f64> {
    let mut superuser = server.connect().await?;
    superuser.run(format!("SET search_path = {}, pg_temp", unidade.names().schema())).await?;
    let segmentos =
        superuser.text("SELECT coalesce(string_agg(nome || E'\\t' || id, E'\\n'), '') FROM segmento".to_owned()).await?;
    let segmentos: Vec<(String, String)> =
        segmentos.lines().filter_map(|line| line.split_once('\t')).map(|(nome, id)| (nome.to_owned(), id.to_owned())).collect();
    let mut chunks = Vec::new();
    for start in (0..count).step_by(1000) {
        let mut text = String::new();
        for number in start..count.min(start + 1000) {
            line(&mut text, &Empresa::new(number), &segmentos)?;
        }
        chunks.push(text.into_bytes());
    }
    let began = std::time::Instant::now();
    superuser.copy(COPY, chunks.into_iter()).await?;
    let seconds = began.elapsed().as_secs_f64();
    superuser.close().await?;
    Ok(seconds)
}
