//! O mapa dos dados: what the product keeps of people, column by column (LGPD art. 37, registro das operações de tratamento).
//!
//! The rule it protects: no column of any table is there without somebody having said what of whom it holds, why, and for how
//! long. A test holds the map against the real schemas: a column that is not named here, or is not there any more, fails it.
//!
//! One file for each owner of tables. A table is read like a sentence: what it is for, how long its rows stay, and its columns by
//! what they say of a person.

mod acesso;
mod documentos;
mod empresas;
pub(crate) mod exportar;
mod mensagens;
pub(crate) mod pages;
mod plataforma;
mod privacidade;
mod relacionamento;
mod trilha;

use std::collections::BTreeSet;

use chrono::TimeDelta;

/// A table as the map knows it.
#[derive(Debug)]
pub struct Tabela {
    /// As in the database; with its schema where that is not the unidade's own.
    pub nome: &'static str,
    pub operacao: Operacao,
    pub guarda: Guarda,
    /// Names of columns, parted by spaces, under what they say of a person. Each stands once.
    pub colunas: &'static [(Classe, &'static str)],
}

/// What a column says of a person.
///
/// There is none for what LGPD art. 5, II calls sensitive: no field asks for it. Only [`Classe::TextoLivre`] and
/// [`Classe::Arquivo`] could hold any, and the page of the map says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Classe {
    /// Nothing.
    Nenhum,
    /// Which person, by a number that says nothing outside of the unidade.
    Vinculo,
    /// A name.
    Identificacao,
    /// How to reach them.
    Contato,
    /// What they do for a living: cargo, setor, papel.
    Profissional,
    /// What lets them in; only as a hash or sealed.
    Credencial,
    /// When and from where they were here.
    Acesso,
    /// How they like to work.
    Preferencia,
    /// Whatever somebody typed.
    TextoLivre,
    /// Values of other tables as they were once.
    Copia,
    /// The bytes of a file.
    Arquivo,
}

impl Classe {
    pub const ALL: [Self; 11] = [
        Self::Nenhum,
        Self::Vinculo,
        Self::Identificacao,
        Self::Contato,
        Self::Profissional,
        Self::Credencial,
        Self::Acesso,
        Self::Preferencia,
        Self::TextoLivre,
        Self::Copia,
        Self::Arquivo,
    ];

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Nenhum => "classe-nenhum",
            Self::Vinculo => "classe-vinculo",
            Self::Identificacao => "classe-identificacao",
            Self::Contato => "classe-contato",
            Self::Profissional => "classe-profissional",
            Self::Credencial => "classe-credencial",
            Self::Acesso => "classe-acesso",
            Self::Preferencia => "classe-preferencia",
            Self::TextoLivre => "classe-texto-livre",
            Self::Copia => "classe-copia",
            Self::Arquivo => "classe-arquivo",
        }
    }

    /// Whether it says anything of a person.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        !matches!(self, Self::Nenhum)
    }
}

/// Uma operação de tratamento: why tables are kept, whose data they hold and by which right (LGPD art. 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operacao {
    /// Who works here and what they may do.
    Contas,
    /// Letting people in, and nobody else.
    Entrada,
    /// How each person likes to see it.
    Preferencias,
    /// The register of empresas and whom one calls there.
    Cadastro,
    /// Spreadsheets that come and go.
    Planilhas,
    Documentos,
    /// Telling people what happened.
    Mensagens,
    /// Who did what.
    Trilha,
    /// What the law asks of whoever keeps data of people.
    Privacidade,
    /// Running the product: no person in it.
    Tecnica,
    /// Public registers: municípios, CNAE, CNPJ.
    Referencia,
    /// Running all unidades.
    Plataforma,
}

impl Operacao {
    pub const ALL: [Self; 12] = [
        Self::Contas,
        Self::Entrada,
        Self::Preferencias,
        Self::Cadastro,
        Self::Planilhas,
        Self::Documentos,
        Self::Mensagens,
        Self::Trilha,
        Self::Privacidade,
        Self::Referencia,
        Self::Plataforma,
        Self::Tecnica,
    ];

    /// Keys of its name, what it is for, whose data it is and by which right.
    #[must_use]
    pub const fn words(self) -> [&'static str; 4] {
        const USUARIOS: &str = "mapa-de-usuarios";
        const CONTATOS: &str = "mapa-de-contatos";
        const QUALQUER: &str = "mapa-de-qualquer";
        const CONTRATO: &str = "mapa-base-contrato";
        const LEI: &str = "mapa-base-lei";
        const INTERESSE: &str = "mapa-base-interesse";
        match self {
            Self::Contas => ["operacao-contas", "operacao-contas-fim", USUARIOS, CONTRATO],
            Self::Entrada => ["operacao-entrada", "operacao-entrada-fim", USUARIOS, LEI],
            Self::Preferencias => ["operacao-preferencias", "operacao-preferencias-fim", USUARIOS, CONTRATO],
            Self::Cadastro => ["operacao-cadastro", "operacao-cadastro-fim", CONTATOS, INTERESSE],
            Self::Planilhas => ["operacao-planilhas", "operacao-planilhas-fim", CONTATOS, INTERESSE],
            Self::Documentos => ["operacao-documentos", "operacao-documentos-fim", QUALQUER, INTERESSE],
            Self::Mensagens => ["operacao-mensagens", "operacao-mensagens-fim", USUARIOS, CONTRATO],
            Self::Trilha => ["operacao-trilha", "operacao-trilha-fim", QUALQUER, LEI],
            Self::Privacidade => ["operacao-privacidade", "operacao-privacidade-fim", QUALQUER, LEI],
            Self::Tecnica => ["operacao-tecnica", "operacao-tecnica-fim", "mapa-de-ninguem", "mapa-base-nenhuma"],
            Self::Referencia => ["operacao-referencia", "operacao-referencia-fim", "mapa-de-publico", "mapa-base-publico"],
            Self::Plataforma => ["operacao-plataforma", "operacao-plataforma-fim", "mapa-de-admins", CONTRATO],
        }
    }
}

/// How long rows stay. Where a number of days stands, a job of the product removes what is older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guarda {
    /// As long as there is an account, or until the person is erased.
    Conta,
    /// As long as the register needs it, or until the person is erased.
    Cadastro,
    /// With the row it belongs to.
    Junto,
    /// So many days after it is over.
    Dias(i64),
    /// Records of access as many months as the unidade set, six at least; the rest for good, without what tells of an erased
    /// person, which goes after the same months.
    Trilha,
    /// As long as the unidade is there.
    Unidade,
    /// Not of a unidade: by whoever runs the installation.
    Instalacao,
}

impl Guarda {
    #[must_use]
    pub(crate) const fn of(kept: TimeDelta) -> Self {
        Self::Dias(kept.num_days())
    }

    /// In words.
    #[must_use]
    pub fn said(self, lang: kernel::Lang) -> String {
        let key = match self {
            Self::Conta => "guarda-conta",
            Self::Cadastro => "guarda-cadastro",
            Self::Junto => "guarda-junto",
            Self::Trilha => "guarda-trilha",
            Self::Unidade => "guarda-unidade",
            Self::Instalacao => "guarda-instalacao",
            Self::Dias(n) => return idioma::t_args(lang, "guarda-dias", [("n", idioma::Arg::from(n))]),
        };
        idioma::t(lang, key).to_owned()
    }
}

impl Tabela {
    /// Its columns, each with its class, in the order of the map.
    pub fn columns(&self) -> impl Iterator<Item = (Classe, &'static str)> {
        self.colunas.iter().flat_map(|(classe, nomes)| nomes.split_whitespace().map(|nome| (*classe, nome)))
    }

    /// What its columns say of people, each once.
    #[must_use]
    pub fn classes(&self) -> BTreeSet<Classe> {
        self.colunas.iter().map(|(classe, _)| *classe).filter(|classe| classe.is_personal()).collect()
    }
}

/// Every table of a unidade.
pub fn of_unidade() -> impl Iterator<Item = &'static Tabela> {
    [
        acesso::TABELAS,
        empresas::TABELAS,
        relacionamento::TABELAS,
        documentos::TABELAS,
        mensagens::TABELAS,
        trilha::TABELAS,
        privacidade::TABELAS,
    ]
    .into_iter()
    .flatten()
}

/// Every table of the platform and of its public registers.
pub fn of_platform() -> impl Iterator<Item = &'static Tabela> {
    plataforma::TABELAS.iter()
}

/// What is wrong between the map and columns as the database has them, `(table, column)`; one sentence each.
#[must_use]
pub fn compare<'t>(mapped: impl Iterator<Item = &'t Tabela>, real: &[(String, String)]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut problems = Vec::new();
    for tabela in mapped {
        for (_, column) in tabela.columns() {
            if !known.insert((tabela.nome.to_owned(), column.to_owned())) {
                problems.push(format!("{}.{column} stands twice in the map of data", tabela.nome));
            }
        }
    }
    let real: BTreeSet<(String, String)> = real.iter().cloned().collect();
    let said = |(table, column): &(String, String)| format!("{table}.{column}");
    problems.extend(
        real.difference(&known).map(|new| format!("{} is not classified: name it in crates/privacidade/src/mapa", said(new))),
    );
    problems.extend(known.difference(&real).map(|old| format!("{} is in the map of data and in no table", said(old))));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real() -> Vec<(String, String)> {
        of_unidade().flat_map(|t| t.columns().map(|(_, column)| (t.nome.to_owned(), column.to_owned()))).collect()
    }

    #[test]
    fn a_new_column_and_one_that_is_gone_are_both_noticed() {
        assert!(compare(of_unidade(), &real()).is_empty());
        let mut more = real();
        more.push(("contato".into(), "cpf".into()));
        assert_eq!(compare(of_unidade(), &more), ["contato.cpf is not classified: name it in crates/privacidade/src/mapa"]);
        let fewer: Vec<_> = real().into_iter().filter(|(_, column)| column != "telefone").collect();
        assert!(compare(of_unidade(), &fewer).contains(&"contato.telefone is in the map of data and in no table".to_owned()));
    }

    /// Whoever calls a table free of people must not have a name in it.
    #[test]
    fn technical_tables_say_nothing_of_anybody() {
        for tabela in of_unidade().chain(of_platform()) {
            assert_eq!(tabela.operacao == Operacao::Tecnica, tabela.classes().is_empty(), "{}", tabela.nome);
        }
    }

    #[test]
    fn names_of_columns_that_speak_of_people_are_not_called_nothing() {
        let telling =
            ["nome", "email", "telefone", "ip", "user_agent", "actor_nome", "recipient", "contato_nome", "responsavel_nome"];
        // What a list of words, a file or a company is called.
        let things = [
            "perfil",
            "provedor",
            "segmento",
            "etiqueta",
            "demanda_tipo",
            "demanda_etapa",
            "setor",
            "distribuicao",
            "feriado",
            "visao",
            "parametro",
            "documento",
            "empresa",
            "empresa_par",
            "token_api",
            "platform.unidade",
            "platform.backup",
            "platform.provedor",
            "ref.municipio",
            "ref.cnae",
        ];
        for tabela in of_unidade().chain(of_platform()).filter(|t| !things.contains(&t.nome)) {
            for (classe, column) in tabela.columns().filter(|(_, column)| telling.contains(column)) {
                assert!(classe.is_personal(), "{}.{column}", tabela.nome);
            }
        }
    }
}
