//! Who works here, and how they come in.

use super::{
    Classe::{
        Acesso, Arquivo, Contato, Copia, Credencial, Identificacao, Nenhum, Preferencia, Profissional, TextoLivre, Vinculo,
    },
    Guarda::{self, Conta, Junto, Unidade},
    Operacao::{Contas, Entrada, Planilhas, Preferencias, Tecnica},
    Tabela,
};

/// What proves who somebody is lies here only as a hash (argon2id, SHA-256) or sealed with the key of the installation.
pub(super) static TABELAS: &[Tabela] = &[
    Tabela {
        nome: "usuario",
        operacao: Contas,
        guarda: Conta,
        colunas: &[
            (Vinculo, "id conta_id"),
            (Nenhum, "ativo passagem created_at updated_at version deleted_at kind"),
            (Identificacao, "nome"),
            (Contato, "email telefone"),
            (Profissional, "perfil_id setor"),
            (TextoLivre, "descricao"),
            (Preferencia, "idioma fuso"),
            (Acesso, "last_seen_at"),
            // The hash of the picture beside it.
            (Arquivo, "foto"),
        ],
    },
    Tabela {
        nome: "usuario_foto",
        operacao: Contas,
        guarda: Conta,
        colunas: &[(Vinculo, "usuario_id"), (Arquivo, "hash bytes"), (Nenhum, "created_at")],
    },
    Tabela {
        nome: "usuario_permissao",
        operacao: Contas,
        guarda: Conta,
        colunas: &[
            (Vinculo, "usuario_id"),
            (Profissional, "permissao escopo"),
            (Nenhum, "expires_at created_at"),
            (Identificacao, "created_by_nome"),
        ],
    },
    Tabela {
        nome: "usuario_empresa",
        operacao: Contas,
        guarda: Conta,
        colunas: &[(Vinculo, "usuario_id"), (Profissional, "empresa_id"), (Nenhum, "created_at")],
    },
    Tabela {
        nome: "servico_responsavel",
        operacao: Contas,
        guarda: Conta,
        colunas: &[(Vinculo, "usuario_id"), (Nenhum, "servico_id created_at")],
    },
    Tabela {
        nome: "convite",
        operacao: Contas,
        guarda: Guarda::Dias(::acesso::convite::KEPT_DAYS),
        colunas: &[
            (Nenhum, "id created_at expires_at used_at revoked_at"),
            (Identificacao, "nome"),
            (Contato, "email"),
            (Profissional, "perfil_id setor"),
            (Credencial, "token_hash"),
            (Vinculo, "created_by"),
        ],
    },
    Tabela {
        nome: "usuario_importacao",
        operacao: Planilhas,
        guarda: Guarda::Dias(7),
        colunas: &[
            (Nenhum, "id hash headers mapping perfil_id state invited refused created_at finished_at"),
            (TextoLivre, "file_name"),
            (Copia, "lines"),
            (Vinculo, "created_by"),
        ],
    },
    Tabela {
        nome: "credencial",
        operacao: Entrada,
        guarda: Conta,
        colunas: &[(Nenhum, "id method created_at updated_at"), (Vinculo, "usuario_id"), (Credencial, "secret")],
    },
    Tabela {
        nome: "fator",
        operacao: Entrada,
        guarda: Conta,
        colunas: &[
            (Nenhum, "id method last_step created_at confirmed_at"),
            (Vinculo, "usuario_id"),
            (Credencial, "secret"),
            (Acesso, "last_used_at"),
        ],
    },
    Tabela {
        nome: "codigo_reserva",
        operacao: Entrada,
        guarda: Conta,
        colunas: &[(Vinculo, "usuario_id"), (Credencial, "hash"), (Nenhum, "created_at"), (Acesso, "used_at")],
    },
    Tabela {
        nome: "chave",
        operacao: Entrada,
        guarda: Conta,
        colunas: &[
            (Nenhum, "id created_at"),
            (Vinculo, "usuario_id"),
            (TextoLivre, "nome"),
            (Credencial, "credencial_id content"),
            (Acesso, "last_used_at"),
        ],
    },
    Tabela {
        nome: "desafio",
        operacao: Entrada,
        guarda: Guarda::Dias(1),
        colunas: &[(Credencial, "token_hash state"), (Vinculo, "usuario_id"), (Nenhum, "kind created_at expires_at")],
    },
    Tabela {
        nome: "passo",
        operacao: Entrada,
        guarda: Guarda::Dias(1),
        colunas: &[
            (Nenhum, "id method created_at expires_at ended_at attempts codigo_expires_at codigo_sent mensagem_id"),
            (Vinculo, "usuario_id"),
            (Credencial, "token_hash codigo_hash"),
            (Acesso, "ip user_agent"),
        ],
    },
    Tabela {
        nome: "entrada_telefone",
        operacao: Entrada,
        guarda: Guarda::Dias(1),
        colunas: &[
            (Nenhum, "id attempts created_at expires_at ended_at"),
            (Vinculo, "usuario_id"),
            (Contato, "telefone"),
            (Credencial, "token_hash codigo_hash"),
        ],
    },
    Tabela {
        nome: "entrada_provedor",
        operacao: Entrada,
        guarda: Guarda::Dias(1),
        colunas: &[(Nenhum, "id provedor_id path created_at expires_at"), (Vinculo, "usuario_id"), (Credencial, "token_hash")],
    },
    Tabela {
        nome: "usuario_provedor",
        operacao: Entrada,
        guarda: Conta,
        colunas: &[
            (Nenhum, "provedor_id created_at"),
            (Vinculo, "usuario_id"),
            (Identificacao, "subject"),
            (Contato, "email"),
            (Acesso, "last_used_at"),
        ],
    },
    Tabela {
        nome: "aparelho",
        operacao: Entrada,
        guarda: Guarda::Dias(180),
        colunas: &[
            (Nenhum, "id expires_at trusted_until"),
            (Vinculo, "usuario_id"),
            (Credencial, "token_hash"),
            (Acesso, "created_at last_used_at ip user_agent"),
        ],
    },
    Tabela {
        nome: "sessao",
        operacao: Entrada,
        guarda: Guarda::Dias(30),
        colunas: &[
            (Nenhum, "id method idle_until expires_at"),
            (Vinculo, "usuario_id"),
            (Credencial, "token_hash"),
            (Acesso, "created_at last_used_at ended_at ip user_agent"),
        ],
    },
    Tabela {
        nome: "entrada",
        operacao: Entrada,
        guarda: Guarda::Dias(::acesso::entrada::KEPT_DAYS),
        colunas: &[
            (Nenhum, "id created_at expires_at"),
            (Vinculo, "usuario_id"),
            (Credencial, "token_hash"),
            (Acesso, "used_at"),
        ],
    },
    Tabela {
        nome: "recuperacao",
        operacao: Entrada,
        guarda: Guarda::Dias(1),
        colunas: &[
            (Nenhum, "id created_at expires_at"),
            (Vinculo, "usuario_id"),
            (Credencial, "token_hash"),
            (Acesso, "used_at"),
        ],
    },
    // Its keys name accounts and addresses by hashes.
    Tabela { nome: "tentativa", operacao: Entrada, guarda: Guarda::Dias(1), colunas: &[(Acesso, "key count expires_at")] },
    Tabela {
        nome: "token_api",
        operacao: Entrada,
        guarda: Unidade,
        colunas: &[
            (Nenhum, "id nome permissoes created_at expires_at revoked_at last_used_at chave limite minute count"),
            (Vinculo, "created_by servico_id"),
            (Identificacao, "created_by_nome"),
        ],
    },
    Tabela {
        nome: "token_chave",
        operacao: Entrada,
        guarda: Unidade,
        colunas: &[(Nenhum, "number created_at ended_at"), (Identificacao, "created_by_nome")],
    },
    Tabela {
        nome: "perfil",
        operacao: Tecnica,
        guarda: Unidade,
        colunas: &[(
            Nenhum,
            "id nome key administrador created_at updated_at version segundo_fator descricao entrada_senha entrada_telefone entrada_provedor",
        )],
    },
    Tabela { nome: "perfil_permissao", operacao: Tecnica, guarda: Unidade, colunas: &[(Nenhum, "perfil_id permissao escopo")] },
    Tabela {
        nome: "regra_entrada",
        operacao: Tecnica,
        guarda: Unidade,
        colunas: &[(Nenhum, "id attempts trust_days updated_at version")],
    },
    Tabela { nome: "parametro", operacao: Tecnica, guarda: Unidade, colunas: &[(Nenhum, "nome valor updated_at")] },
    // The logo is the unidade's. Who drew a person into it knew what they did.
    Tabela {
        nome: "logo",
        operacao: Preferencias,
        guarda: Unidade,
        colunas: &[(Nenhum, "hash type created_at"), (Arquivo, "bytes")],
    },
    Tabela {
        nome: "ausencia",
        operacao: Preferencias,
        guarda: Conta,
        colunas: &[(Nenhum, "id created_at"), (Vinculo, "usuario_id"), (Profissional, "motivo data_inicio data_fim")],
    },
    Tabela {
        nome: "visao",
        operacao: Preferencias,
        guarda: Conta,
        colunas: &[(Nenhum, "id lista compartilhada created_at"), (Vinculo, "usuario_id"), (TextoLivre, "nome consulta")],
    },
    Tabela {
        nome: "visao_padrao",
        operacao: Preferencias,
        guarda: Conta,
        colunas: &[(Vinculo, "usuario_id"), (Preferencia, "lista visao_id"), (Nenhum, "created_at")],
    },
    Tabela {
        nome: "aparencia",
        operacao: Preferencias,
        guarda: Conta,
        colunas: &[(Vinculo, "usuario_id"), (Preferencia, "lista ocultas compacta"), (Nenhum, "updated_at")],
    },
    Tabela {
        nome: "notificacao_preferencia",
        operacao: Preferencias,
        guarda: Conta,
        colunas: &[(Vinculo, "usuario_id"), (Preferencia, "kind channel wanted"), (Nenhum, "updated_at")],
    },
    Tabela {
        nome: "notificacao_horario",
        operacao: Preferencias,
        guarda: Conta,
        colunas: &[(Vinculo, "usuario_id"), (Preferencia, "silencio_inicio silencio_fim resumo_hora"), (Nenhum, "updated_at")],
    },
    Tabela {
        nome: "dispensa",
        operacao: Preferencias,
        guarda: Conta,
        colunas: &[(Vinculo, "usuario_id"), (Nenhum, "created_at")],
    },
    // Answers of the API, for whoever asks twice.
    Tabela {
        nome: "idempotencia",
        operacao: Contas,
        guarda: Guarda::Dias(1),
        colunas: &[(Vinculo, "actor_id"), (Nenhum, "key request_hash status_code version created_at"), (Copia, "body")],
    },
    Tabela {
        nome: "correio",
        operacao: Contas,
        guarda: Junto,
        colunas: &[
            (Nenhum, "id one ativo host port tls version updated_at"),
            (Contato, "conta remetente"),
            (Credencial, "senha"),
        ],
    },
    Tabela {
        nome: "gateway",
        operacao: Contas,
        guarda: Junto,
        colunas: &[(Nenhum, "id one url version updated_at"), (Credencial, "segredo")],
    },
    Tabela {
        nome: "provedor",
        operacao: Contas,
        guarda: Junto,
        colunas: &[
            (Nenhum, "id tipo nome emissor client_id confia_email ativo version created_at updated_at"),
            (Credencial, "segredo"),
        ],
    },
];
