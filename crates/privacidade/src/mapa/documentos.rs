//! Files that people put beside records.

use super::{
    Classe::{Identificacao, Nenhum, TextoLivre, Vinculo},
    Guarda::{Cadastro, Junto, Unidade},
    Operacao::{Documentos, Tecnica},
    Tabela,
};

/// The bytes of a file lie outside of the database, under the id of its `arquivo`.
pub(super) static TABELAS: &[Tabela] = &[
    Tabela {
        nome: "documento",
        operacao: Documentos,
        guarda: Cadastro,
        colunas: &[(Nenhum, "id entity entity_id versao version created_at updated_at deleted_at"), (TextoLivre, "pasta nome")],
    },
    Tabela {
        nome: "documento_versao",
        operacao: Documentos,
        guarda: Junto,
        colunas: &[
            (Nenhum, "documento_id number arquivo_id created_at"),
            (TextoLivre, "nome"),
            (Vinculo, "actor_id"),
            (Identificacao, "actor_nome"),
        ],
    },
    Tabela { nome: "arquivo", operacao: Tecnica, guarda: Junto, colunas: &[(Nenhum, "id kind bytes hash miniatura created_at")] },
    Tabela { nome: "arquivo_uso", operacao: Tecnica, guarda: Unidade, colunas: &[(Nenhum, "id bytes")] },
];
