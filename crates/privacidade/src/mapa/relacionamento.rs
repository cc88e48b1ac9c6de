//! What the unidade does with its empresas: who went where, and what was talked about.

use super::{
    Classe::{Acesso, Identificacao, Nenhum, TextoLivre, Vinculo},
    Guarda::{Cadastro, Junto},
    Operacao, Tabela,
};

pub(super) static TABELAS: &[Tabela] = &[
    Tabela {
        nome: "visita",
        operacao: Operacao::Cadastro,
        guarda: Cadastro,
        colunas: &[
            (Nenhum, "id empresa_id inicio_at fim_at situacao lembrete_at version created_at updated_at deleted_at"),
            (Vinculo, "responsavel_id"),
            (Identificacao, "responsavel_nome"),
            // Where the técnico was, when they said so.
            (Acesso, "chegada_at latitude longitude precisao"),
            (TextoLivre, "objetivo local resumo proximos_passos motivo busca"),
        ],
    },
    Tabela {
        nome: "visita_participante",
        operacao: Operacao::Cadastro,
        guarda: Junto,
        colunas: &[(Nenhum, "id visita_id"), (Vinculo, "usuario_id contato_id")],
    },
    Tabela {
        nome: "tarefa",
        operacao: Operacao::Cadastro,
        guarda: Cadastro,
        colunas: &[
            (
                Nenhum,
                "id entity entity_id empresa_id data_prazo concluida_at data_lembrete version created_at updated_at deleted_at",
            ),
            (Vinculo, "responsavel_id criada_por_id"),
            (Identificacao, "criada_por_nome"),
            (TextoLivre, "titulo detalhes"),
        ],
    },
    Tabela {
        nome: "visita_documento",
        operacao: Operacao::Tecnica,
        guarda: Junto,
        colunas: &[(Nenhum, "visita_id documento_id")],
    },
];
