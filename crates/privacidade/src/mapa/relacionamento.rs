//! What the unidade does with its empresas: who went where, and what was talked about.

use super::{
    Classe::{Acesso, Copia, Credencial, Identificacao, Nenhum, TextoLivre, Vinculo},
    Guarda::{Cadastro, Conta, Junto, Unidade},
    Operacao, Tabela,
};

pub(super) static TABELAS: &[Tabela] = &[
    Tabela {
        nome: "visita",
        operacao: Operacao::Cadastro,
        guarda: Cadastro,
        colunas: &[
            (Nenhum, "id empresa_id inicio_at fim_at situacao lembrete_at historico_id version created_at updated_at deleted_at"),
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
    Tabela {
        nome: "demanda",
        operacao: Operacao::Cadastro,
        guarda: Cadastro,
        colunas: &[
            (
                Nenhum,
                "id empresa_id tipo_id setor_id etapa_id situacao valor_estimado data_prazo iniciada_at concluida_at etapa_at data_lembrete
                 historico_id version created_at updated_at deleted_at",
            ),
            (Vinculo, "responsavel_id contato_id"),
            (Identificacao, "responsavel_nome"),
            (TextoLivre, "titulo descricao motivo busca"),
        ],
    },
    Tabela {
        nome: "projeto",
        operacao: Operacao::Cadastro,
        guarda: Cadastro,
        colunas: &[
            (
                Nenhum,
                "id demanda_id empresa_id valor data_inicio data_fim situacao concluido_at version created_at updated_at deleted_at",
            ),
            (Vinculo, "responsavel_id"),
            (Identificacao, "responsavel_nome"),
            (TextoLivre, "titulo motivo busca"),
        ],
    },
    Tabela {
        nome: "demanda_passagem",
        operacao: Operacao::Tecnica,
        guarda: Junto,
        colunas: &[(Nenhum, "id demanda_id etapa_id situacao inicio_at fim_at")],
    },
    Tabela {
        nome: "demanda_documento",
        operacao: Operacao::Tecnica,
        guarda: Junto,
        colunas: &[(Nenhum, "demanda_id documento_id anexo")],
    },
    Tabela {
        nome: "demanda_tipo",
        operacao: Operacao::Tecnica,
        guarda: Unidade,
        colunas: &[(Nenhum, "id nome busca cor prazo_dias created_at")],
    },
    Tabela { nome: "setor", operacao: Operacao::Tecnica, guarda: Unidade, colunas: &[(Nenhum, "id nome busca created_at")] },
    Tabela {
        nome: "demanda_etapa",
        operacao: Operacao::Tecnica,
        guarda: Unidade,
        colunas: &[(Nenhum, "id nome busca situacao cor posicao padrao created_at")],
    },
    Tabela { nome: "feriado", operacao: Operacao::Tecnica, guarda: Unidade, colunas: &[(Nenhum, "data_feriado nome")] },
    Tabela {
        nome: "distribuicao",
        operacao: Operacao::Tecnica,
        guarda: Unidade,
        colunas: &[(Nenhum, "id nome posicao ativa tipos setores segmentos municipios modo version created_at updated_at")],
    },
    Tabela {
        nome: "distribuicao_pessoa",
        operacao: Operacao::Contas,
        guarda: Junto,
        colunas: &[(Nenhum, "distribuicao_id vez"), (Vinculo, "usuario_id")],
    },
    Tabela {
        nome: "historico_importacao",
        operacao: Operacao::Planilhas,
        guarda: Unidade,
        colunas: &[
            (
                Nenhum,
                "id especie hash headers mapping tipo_id state imported repeated refused undone created_at finished_at",
            ),
            (Vinculo, "actor_id"),
            (Identificacao, "actor_nome"),
            (TextoLivre, "file_name"),
            (Copia, "lines left_out"),
        ],
    },
    Tabela {
        nome: "agenda_assinatura",
        operacao: Operacao::Cadastro,
        guarda: Conta,
        colunas: &[(Nenhum, "id alcance created_at"), (Vinculo, "usuario_id"), (Credencial, "hash"), (Acesso, "last_seen_at")],
    },
];
