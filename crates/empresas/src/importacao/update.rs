//! Rows whose CNPJ is in the register, written over what is there or into what is open.

use std::collections::HashMap;

use kernel::{Actor, Fault};
use tenancy::{Change, TenantTx};

use super::{
    EtiquetaSaid, Importacao,
    columns::ETIQUETAS,
    desfazer::told,
    linha::Linha,
    sql::{self, gravar::Pairs},
};
use crate::{
    empresa::{Cadastro, EmpresaId, Responsavel},
    etiqueta::{self, Etiqueta, EtiquetaId},
};

/// A row whose CNPJ is in the register.
pub(super) struct Existing {
    pub linha: Linha,
    pub said: Cadastro,
    pub etiquetas: Vec<EtiquetaSaid>,
    /// Only what is open takes what it says.
    pub fills: bool,
}

impl Existing {
    /// The etiquetas that it has afterwards, where they are other ones than `had`.
    fn etiquetas(&self, had: &[Etiqueta]) -> Option<Vec<(EtiquetaId, &str)>> {
        if self.etiquetas.is_empty() || (self.fills && !had.is_empty()) {
            return None;
        }
        let said: Vec<_> = self.etiquetas.iter().filter_map(|said| Some((said.id?, said.nome.as_str()))).collect();
        let same = said.len() == had.len() && said.iter().all(|(id, _)| had.iter().any(|etiqueta| etiqueta.id == *id));
        (!same).then_some(said)
    }
}

/// What became of some of them.
#[derive(Default)]
pub(super) struct Updated {
    /// Each with the code of its outcome.
    pub settled: Vec<(Linha, &'static str)>,
    pub written: u64,
    pub unchanged: u64,
}

/// Writes the rows whose CNPJ is in the register: each empresa is read once, held against its row here, and written only where
/// the row says something else. Its own trail tells what changed, as it would of a person.
pub(super) async fn update(
    tx: &mut TenantTx,
    actor: &Actor,
    importacao: &Importacao,
    existing: Vec<Existing>,
) -> Result<Updated, Fault> {
    if existing.is_empty() {
        return Ok(Updated::default());
    }
    let cnpjs: Vec<String> = existing.iter().map(|row| row.said.cnpj.as_str().to_owned()).collect();
    let there = sql::linha::empresas_of(tx, &cnpjs).await?;
    let tagged = existing.iter().any(|row| !row.etiquetas.is_empty());
    let ids: Vec<EmpresaId> = if tagged { there.values().map(|empresa| empresa.id).collect() } else { Vec::new() };
    let have = if tagged { etiqueta::of_empresas(tx, &ids).await? } else { HashMap::new() };

    let (mut settled, mut unchanged) = (Vec::with_capacity(existing.len()), 0);
    let (mut changes, mut trail) = (Vec::new(), Vec::new());
    let (mut put, mut taken) = (Pairs::default(), Pairs::default());
    for row in existing {
        let Some(empresa) = there.get(&row.said.cnpj) else {
            return Err(Fault::because("an empresa of the register that nobody else writes is gone"));
        };
        let had = have.get(&empresa.id).map(Vec::as_slice).unwrap_or_default();
        let etiquetas = row.etiquetas(had);
        let said = row.said.clone();
        let now = if row.fills { filled(&empresa.cadastro, said) } else { overwritten(&empresa.cadastro, said) };
        if now.is_none() && etiquetas.is_none() {
            unchanged += 1;
            settled.push((row.linha, "igual"));
            continue;
        }
        let now = now.unwrap_or_else(|| empresa.cadastro.clone());
        let (mut before, mut after) = (empresa.cadastro.texts(), now.texts());
        if let Some(etiquetas) = &etiquetas {
            let has = |id: EtiquetaId| etiquetas.iter().any(|(other, _)| *other == id);
            had.iter()
                .filter(|etiqueta| !has(etiqueta.id))
                .for_each(|etiqueta| taken.push(empresa.id.uuid(), etiqueta.id.uuid()));
            let new = etiquetas.iter().filter(|(id, _)| had.iter().all(|etiqueta| etiqueta.id != *id));
            new.for_each(|(id, _)| put.push(empresa.id.uuid(), id.uuid()));
            before.insert(ETIQUETAS, had.iter().map(|etiqueta| etiqueta.nome.as_str()).collect::<Vec<_>>().join("; "));
            after.insert(ETIQUETAS, etiquetas.iter().map(|(_, nome)| *nome).collect::<Vec<_>>().join("; "));
        }
        let change = Change::between(&before, &after);
        if !change.is_empty() {
            trail.push((empresa.id.uuid(), told(change, importacao)));
        }
        changes.push(now);
        settled.push((row.linha, "atualizada"));
    }
    let written = sql::update(tx, importacao.id, &changes).await?;
    sql::gravar::note(tx, importacao.id, &put, &taken).await?;
    sql::gravar::take(tx, &taken).await?;
    sql::gravar::put(tx, &put).await?;
    tx.audit_all(actor, "empresa.alterada", "empresa", trail).await?;
    Ok(Updated { settled, written, unchanged })
}

/// What is there with what the row says in its place; `None` when that is the same. What the row leaves open stays, and a name
/// that is nobody's here does not take the place of a person.
fn overwritten(there: &Cadastro, said: Cadastro) -> Option<Cadastro> {
    let now = there.clone();
    let place = said.uf.is_some();
    let responsavel = match (said.responsavel, now.responsavel) {
        (Some(Responsavel::Nome(_)) | None, Some(there)) if there.id().is_some() => Some(there),
        (said, there) => said.or(there),
    };
    let overwritten = Cadastro {
        nome: said.nome,
        nome_fantasia: said.nome_fantasia.or(now.nome_fantasia),
        inscricao_estadual: said.inscricao_estadual.or(now.inscricao_estadual),
        cnae: said.cnae.or(now.cnae),
        segmento: said.segmento.or(now.segmento),
        porte: said.porte.or(now.porte),
        situacao: said.situacao.or(now.situacao),
        email: said.email.or(now.email),
        telefone: said.telefone.or(now.telefone),
        site: said.site.or(now.site),
        cep: said.cep.or(now.cep),
        logradouro: said.logradouro.or(now.logradouro),
        numero: said.numero.or(now.numero),
        complemento: said.complemento.or(now.complemento),
        bairro: said.bairro.or(now.bairro),
        municipio: if place { said.municipio } else { now.municipio },
        uf: said.uf.or(now.uf),
        contato_nome: said.contato_nome.or(now.contato_nome),
        contato_cargo: said.contato_cargo.or(now.contato_cargo),
        responsavel,
        data_fundacao: said.data_fundacao.or(now.data_fundacao),
        faturamento: said.faturamento.or(now.faturamento),
        funcionarios: said.funcionarios.or(now.funcionarios),
        observacoes: said.observacoes.or(now.observacoes),
        cnpj: now.cnpj,
        data_cadastro: now.data_cadastro,
    };
    (overwritten != *there).then_some(overwritten)
}

/// What is there with its open fields filled from the row; `None` when there is nothing to fill.
fn filled(there: &Cadastro, said: Cadastro) -> Option<Cadastro> {
    let now = there.clone();
    // A município belongs to its UF: it is filled in where it does not contradict the one that is there.
    let fits = there.municipio.is_none() && (there.uf.is_none() || there.uf == said.uf);
    let filled = Cadastro {
        nome_fantasia: now.nome_fantasia.or(said.nome_fantasia),
        inscricao_estadual: now.inscricao_estadual.or(said.inscricao_estadual),
        cnae: now.cnae.or(said.cnae),
        segmento: now.segmento.or(said.segmento),
        porte: now.porte.or(said.porte),
        email: now.email.or(said.email),
        telefone: now.telefone.or(said.telefone),
        site: now.site.or(said.site),
        cep: now.cep.or(said.cep),
        logradouro: now.logradouro.or(said.logradouro),
        numero: now.numero.or(said.numero),
        complemento: now.complemento.or(said.complemento),
        bairro: now.bairro.or(said.bairro),
        municipio: if fits { said.municipio } else { now.municipio },
        uf: now.uf.or(said.uf),
        contato_nome: now.contato_nome.or(said.contato_nome),
        contato_cargo: now.contato_cargo.or(said.contato_cargo),
        responsavel: now.responsavel.or(said.responsavel),
        data_fundacao: now.data_fundacao.or(said.data_fundacao),
        faturamento: now.faturamento.or(said.faturamento),
        funcionarios: now.funcionarios.or(said.funcionarios),
        observacoes: now.observacoes.or(said.observacoes),
        cnpj: now.cnpj,
        nome: now.nome,
        situacao: now.situacao,
        data_cadastro: now.data_cadastro,
    };
    (filled != *there).then_some(filled)
}
