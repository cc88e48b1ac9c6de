//! What the law asks to be kept of what was done for people.

use super::{
    Classe::{Identificacao, Nenhum, Vinculo},
    Guarda::Unidade,
    Operacao::Privacidade,
    Tabela,
};

pub(super) static TABELAS: &[Tabela] = &[
    // The receipt of an erasure: which person it was says a number that leads nowhere any more.
    Tabela {
        nome: "apagamento",
        operacao: Privacidade,
        guarda: Unidade,
        colunas: &[
            (Nenhum, "id protocolo titular_kind por_nome efeitos linhas created_at reapplied_at"),
            (Vinculo, "titular_id actor_id"),
            (Identificacao, "actor_nome"),
        ],
    },
];
