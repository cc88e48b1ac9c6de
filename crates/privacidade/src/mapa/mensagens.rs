//! What people were told.

use super::{
    Classe::{Contato, Copia, Credencial, Identificacao, Nenhum, TextoLivre, Vinculo},
    Guarda,
    Operacao::Mensagens,
    Tabela,
};

pub(super) static TABELAS: &[Tabela] = &[
    Tabela {
        nome: "mensagem",
        operacao: Mensagens,
        guarda: Guarda::of(messaging::KEPT),
        colunas: &[
            (Nenhum, "id channel secret state attempts message_id created_at sent_at kind href"),
            (Contato, "recipient"),
            (Identificacao, "recipient_nome"),
            (TextoLivre, "subject body_text body_html last_error"),
            (Credencial, "codigo descadastro"),
            (Vinculo, "usuario_id"),
        ],
    },
    Tabela {
        nome: "notificacao",
        operacao: Mensagens,
        guarda: Guarda::of(messaging::notificacao::KEPT),
        colunas: &[(Nenhum, "id key href created_at read_at"), (Vinculo, "usuario_id"), (Copia, "args")],
    },
];
