//! What is kept beside the unidades: the register, the queue, the admins of the console, and what is public anyway.

use super::{
    Classe::{Acesso, Contato, Copia, Credencial, Identificacao, Nenhum, TextoLivre, Vinculo},
    Guarda::Instalacao,
    Operacao::{self, Plataforma, Referencia, Tecnica},
    Tabela,
};

pub(super) static TABELAS: &[Tabela] = &[
    Tabela {
        nome: "platform.unidade",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(
            Nenhum,
            "id slug codigo nome placement status status_reason schema_version migration_error modules municipio_id fuso tema \
             custom_domain login_secret version created_at updated_at closed_at dropped_at",
        )],
    },
    // The first administrador of a unidade, until their account is made there.
    Tabela {
        nome: "platform.provisioning",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[
            (Nenhum, "unidade_id step attempts error requested_at updated_at"),
            (Identificacao, "admin_nome"),
            (Contato, "admin_email"),
        ],
    },
    Tabela {
        nome: "platform.spare",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(Nenhum, "id placement schema_version login_secret ready_at")],
    },
    Tabela {
        nome: "platform.scratch",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(Nenhum, "id placement purpose created_at")],
    },
    Tabela {
        nome: "platform.suporte",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[
            (
                Nenhum,
                "id unidade_id minutos_pedidos escrita_pedida situacao asked_at expires_at escrita decided_at ended_at entered_at \
                 last_used_at told_at",
            ),
            (Vinculo, "admin_id"),
            (Identificacao, "decided_by_nome ended_by_nome"),
            (TextoLivre, "motivo"),
            (Credencial, "sessao_hash"),
        ],
    },
    Tabela {
        nome: "platform.passagem",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[
            (Nenhum, "unidade_id suporte_id created_at expires_at used_at de_unidade_id vincula"),
            (Vinculo, "admin_sessao_id de_usuario_id de_sessao_id"),
            (Credencial, "token_hash navegador_hash"),
        ],
    },
    Tabela {
        nome: "platform.pessoa",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[(Nenhum, "created_at"), (Vinculo, "id")],
    },
    Tabela {
        nome: "platform.conta",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[(Nenhum, "unidade_id linked_at last_used_at"), (Vinculo, "id pessoa_id circulo_id usuario_id")],
    },
    Tabela {
        nome: "platform.backup",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(
            Nenhum,
            "id unidade_id kind nome bytes sha256 tables rows schema_version started_at finished_at verified_at rehearsed_at",
        )],
    },
    Tabela {
        nome: "platform.move",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(
            Nenhum,
            "unidade_id source target step status_before status_reason error started_at paused_at switched_at updated_at",
        )],
    },
    Tabela {
        nome: "platform.uso",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(Nenhum, "unidade_id rows bytes usuarios measured_at")],
    },
    Tabela {
        nome: "platform.auditoria",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[
            (Nenhum, "id actor_kind request_id action unidade_id"),
            (Vinculo, "actor_id"),
            (Identificacao, "actor_nome"),
            (Acesso, "at ip user_agent"),
            (Copia, "detail"),
        ],
    },
    // For restores: ids of rows that nobody is any more.
    Tabela {
        nome: "platform.apagamento",
        operacao: Operacao::Privacidade,
        guarda: Instalacao,
        colunas: &[(Nenhum, "unidade_id titular_kind por_nome apagado_at"), (Vinculo, "titular_id")],
    },
    Tabela {
        nome: "platform.auditoria_cabeca",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(Nenhum, "unidade_id numero digest sealed_at noted_at replaced_at")],
    },
    // Jobs carry ids, never rows; a fault is told in words of the program.
    Tabela {
        nome: "platform.job",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(
            Nenhum,
            "id unidade_id share name payload key lane priority run_at attempts max_attempts state fence worker lease_until \
             last_error dead_at created_at",
        )],
    },
    Tabela { nome: "platform.job_gate", operacao: Tecnica, guarda: Instalacao, colunas: &[(Nenhum, "single turn")] },
    Tabela { nome: "platform.schedule", operacao: Tecnica, guarda: Instalacao, colunas: &[(Nenhum, "name share due_at")] },
    Tabela {
        nome: "platform.mensagem",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[
            (Nenhum, "id channel secret state attempts message_id created_at sent_at"),
            (Contato, "recipient"),
            (Identificacao, "recipient_nome"),
            (TextoLivre, "subject body_text body_html last_error"),
        ],
    },
    Tabela {
        nome: "platform.admin",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[
            (Nenhum, "totp_step ativo created_at"),
            (Vinculo, "id"),
            (Identificacao, "nome"),
            (Contato, "email"),
            (Credencial, "senha totp_secret"),
            (Acesso, "last_access_at"),
        ],
    },
    Tabela {
        nome: "platform.admin_convite",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[(Credencial, "token_hash totp_secret"), (Contato, "email"), (Nenhum, "expires_at used_at")],
    },
    Tabela {
        nome: "platform.admin_sessao",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[
            (Nenhum, "id complete expires_at"),
            (Vinculo, "admin_id"),
            (Credencial, "token_hash"),
            (Acesso, "ip user_agent created_at last_used_at ended_at"),
        ],
    },
    Tabela {
        nome: "platform.admin_tentativa",
        operacao: Plataforma,
        guarda: Instalacao,
        colunas: &[(Acesso, "key failures started_at")],
    },
    Tabela {
        nome: "platform.provedor",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(Nenhum, "nome asked_at failures closed_until")],
    },
    Tabela {
        nome: "platform.consulta",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(Nenhum, "id unidade_id cnpj priority state lease_until created_at ended_at")],
    },
    Tabela { nome: "platform.consulta_gate", operacao: Tecnica, guarda: Instalacao, colunas: &[(Nenhum, "single turn")] },
    // As the Receita Federal publishes it: the e-mail and telephone of a company of one may be its owner's.
    Tabela {
        nome: "ref.cnpj",
        operacao: Referencia,
        guarda: Instalacao,
        colunas: &[(Vinculo, "cnpj"), (Copia, "dados"), (Nenhum, "provedor asked_at dated_at")],
    },
    Tabela {
        nome: "ref.municipio",
        operacao: Tecnica,
        guarda: Instalacao,
        colunas: &[(Nenhum, "codigo nome uf latitude longitude fuso busca")],
    },
    Tabela { nome: "ref.cnae", operacao: Tecnica, guarda: Instalacao, colunas: &[(Nenhum, "codigo pai nome")] },
];
