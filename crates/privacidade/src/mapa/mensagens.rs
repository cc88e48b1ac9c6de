//! What people were told.

use super::{
    Classe::{Acesso, Contato, Copia, Credencial, Identificacao, Nenhum, TextoLivre, Vinculo},
    Guarda::{self, Junto, Unidade},
    Operacao::{Mensagens, Tecnica},
    Tabela,
};

pub(super) static TABELAS: &[Tabela] = &[
    Tabela {
        nome: "mensagem",
        operacao: Mensagens,
        guarda: Guarda::of(messaging::KEPT),
        colunas: &[
            (Nenhum, "id channel secret state attempts message_id created_at sent_at kind href waits hold_until resumo_id"),
            (Contato, "recipient"),
            (Identificacao, "recipient_nome"),
            (TextoLivre, "subject body_text body_html last_error compromisso"),
            (Credencial, "codigo descadastro"),
            (Vinculo, "usuario_id"),
        ],
    },
    Tabela {
        nome: "notificacao",
        operacao: Mensagens,
        guarda: Guarda::of(messaging::notificacao::KEPT),
        colunas: &[(Nenhum, "id kind key href created_at read_at"), (Vinculo, "usuario_id"), (Copia, "args busca")],
    },
    Tabela {
        nome: "comunicado",
        operacao: Mensagens,
        guarda: Unidade,
        colunas: &[
            (Nenhum, "id todos told mailed data_inicio data_fim encerrado_at created_at updated_at version"),
            (TextoLivre, "titulo texto"),
            (Vinculo, "autor_id"),
            (Identificacao, "autor_nome"),
        ],
    },
    Tabela { nome: "comunicado_perfil", operacao: Tecnica, guarda: Junto, colunas: &[(Nenhum, "comunicado_id perfil_id")] },
    Tabela {
        nome: "comunicado_usuario",
        operacao: Mensagens,
        guarda: Junto,
        colunas: &[(Nenhum, "comunicado_id"), (Vinculo, "usuario_id")],
    },
    Tabela {
        nome: "comunicado_leitura",
        operacao: Mensagens,
        guarda: Junto,
        colunas: &[(Nenhum, "comunicado_id"), (Vinculo, "usuario_id"), (Acesso, "told_at read_at dismissed_at")],
    },
];
