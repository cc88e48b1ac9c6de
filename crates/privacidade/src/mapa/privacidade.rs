//! What the law asks to be kept of what was done for people.

use super::{
    Classe::{Contato, Copia, Credencial, Identificacao, Nenhum, Preferencia, TextoLivre, Vinculo},
    Guarda::{self, Junto, Unidade},
    Operacao::{Privacidade, Tecnica},
    Tabela,
};
use crate::{consentimento, pedido};

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
    // Public: whom people turn to.
    Tabela {
        nome: "encarregado",
        operacao: Privacidade,
        guarda: Unidade,
        colunas: &[(Nenhum, "id updated_at"), (Identificacao, "nome"), (Contato, "email telefone")],
    },
    // Whoever was erased stands nowhere in what was answered.
    Tabela {
        nome: "pedido_titular",
        operacao: Privacidade,
        guarda: Guarda::of(pedido::KEPT),
        colunas: &[
            (
                Nenhum,
                "id protocolo tipo origem situacao titular_kind apagamento_id apagar_depois created_at recebido_at data_limite \
                 respondido_at lembrete version",
            ),
            (Vinculo, "usuario_id titular_id"),
            (Identificacao, "nome respondido_por_nome registrado_por_nome"),
            (Contato, "email telefone"),
            (Preferencia, "idioma"),
            (TextoLivre, "texto resposta fundamento"),
        ],
    },
    Tabela {
        nome: "pedido_link",
        operacao: Privacidade,
        guarda: Junto,
        colunas: &[(Nenhum, "expires_at"), (Vinculo, "pedido_id"), (Credencial, "token_hash")],
    },
    // Five years at least (Res. CD/ANPD 15/2024, art. 10): nothing removes one.
    Tabela {
        nome: "incidente",
        operacao: Privacidade,
        guarda: Unidade,
        colunas: &[
            (
                Nenhum,
                "id protocolo inicio_at conhecido_at dados riscos afetados decisao decidido_at anpd_at anpd_protocolo titulares_at \
                 encerrado_at created_at updated_at lembrete version",
            ),
            (Identificacao, "registrado_por_nome"),
            (TextoLivre, "titulo descricao consequencias medidas_antes contencao medidas_depois justificativa titulares_meio"),
        ],
    },
    Tabela {
        nome: "incidente_passo",
        operacao: Privacidade,
        guarda: Junto,
        colunas: &[(Nenhum, "id incidente_id kind created_at"), (Identificacao, "actor_nome"), (TextoLivre, "texto")],
    },
    Tabela {
        nome: "incidente_carta",
        operacao: Privacidade,
        guarda: Junto,
        colunas: &[(Nenhum, "id incidente_id created_at"), (Copia, "assunto texto")],
    },
    Tabela {
        nome: "incidente_destinatario",
        operacao: Privacidade,
        guarda: Junto,
        colunas: &[(Nenhum, "carta_id titular_kind written_at skipped"), (Vinculo, "titular_id")],
    },
    Tabela { nome: "finalidade", operacao: Tecnica, guarda: Unidade, colunas: &[(Nenhum, "id versao encerrado_at created_at")] },
    // What people agreed to: as long as somebody may have.
    Tabela {
        nome: "finalidade_versao",
        operacao: Privacidade,
        guarda: Unidade,
        colunas: &[
            (Nenhum, "finalidade_id versao renovar created_at"),
            (TextoLivre, "titulo texto"),
            (Identificacao, "created_by_nome"),
        ],
    },
    // As long as it stands, and then as proof that it did.
    Tabela {
        nome: "consentimento",
        operacao: Privacidade,
        guarda: Guarda::of(consentimento::KEPT),
        colunas: &[
            (
                Nenhum,
                "id protocolo finalidade_id versao titular_kind meio dado_at carta_id created_at retirado_at retirado_meio retirado_pedido_id",
            ),
            (Vinculo, "titular_id"),
            (Identificacao, "nome registrado_por_nome retirado_por_nome"),
            (Contato, "email"),
            (TextoLivre, "evidencia retirado_evidencia"),
        ],
    },
    Tabela {
        nome: "consentimento_carta",
        operacao: Privacidade,
        guarda: Guarda::of(consentimento::CARTA_KEPT),
        colunas: &[
            (Nenhum, "id finalidade_id versao titular_kind created_at expires_at resposta respondido_at"),
            (Vinculo, "titular_id"),
            (Identificacao, "nome created_by_nome"),
            (Contato, "email"),
            (Credencial, "token_hash"),
        ],
    },
];
