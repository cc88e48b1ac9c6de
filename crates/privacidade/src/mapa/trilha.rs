//! Who did what: added, never changed (docs/decisions/0015-audit-chain.md).

use super::{
    Classe::{Acesso, Copia, Identificacao, Nenhum, Vinculo},
    Guarda,
    Guarda::Unidade,
    Operacao::{Tecnica, Trilha},
    Tabela,
};

pub(super) static TABELAS: &[Tabela] = &[
    Tabela {
        nome: "auditoria",
        operacao: Trilha,
        guarda: Guarda::Trilha,
        colunas: &[
            (Nenhum, "id actor_kind request_id action entity tx"),
            (Vinculo, "actor_id entity_id"),
            (Identificacao, "actor_nome on_behalf_of"),
            (Acesso, "at ip user_agent"),
            (Copia, "before after"),
        ],
    },
    Tabela {
        nome: "auditoria_selo",
        operacao: Tecnica,
        guarda: Unidade,
        colunas: &[(Nenhum, "numero kind sealed_at ids hashes previous digest horizon loaded_tx")],
    },
];
