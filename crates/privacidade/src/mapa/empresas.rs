//! The register of empresas: whom one calls there, and the spreadsheets it came from.

use super::{
    Classe::{Arquivo, Contato, Copia, Identificacao, Nenhum, Profissional, TextoLivre, Vinculo},
    Guarda::{self, Cadastro, Junto, Unidade},
    Operacao::{self, Planilhas, Tecnica},
    Tabela,
};

pub(super) static TABELAS: &[Tabela] = &[
    Tabela {
        nome: "contato",
        operacao: Operacao::Cadastro,
        guarda: Cadastro,
        colunas: &[
            (Vinculo, "id empresa_id"),
            (Identificacao, "nome"),
            (Profissional, "cargo papel"),
            (Contato, "email telefone"),
            (TextoLivre, "observacoes"),
            (Nenhum, "version created_at updated_at deleted_at"),
        ],
    },
    // An empresa is nobody. One of a single owner bears the owner's name, address and telephone, so they count as theirs.
    Tabela {
        nome: "empresa",
        operacao: Operacao::Cadastro,
        guarda: Cadastro,
        colunas: &[
            (
                Nenhum,
                "id inscricao_estadual cnae segmento_id porte situacao site municipio_id cidade uf data_fundacao faturamento \
                 funcionarios data_cadastro importacao_id version created_at updated_at deleted_at situacao_cadastral \
                 data_situacao_cadastral situacao_cadastral_at",
            ),
            (Vinculo, "cnpj responsavel_id"),
            (Identificacao, "nome nome_fantasia contato_nome responsavel_nome ordem busca"),
            (Profissional, "contato_cargo"),
            (Contato, "email telefone cep logradouro numero complemento bairro"),
            (TextoLivre, "observacoes"),
        ],
    },
    Tabela { nome: "segmento", operacao: Tecnica, guarda: Unidade, colunas: &[(Nenhum, "id nome busca created_at cnaes")] },
    Tabela { nome: "etiqueta", operacao: Tecnica, guarda: Unidade, colunas: &[(Nenhum, "id nome busca cor created_at")] },
    Tabela { nome: "empresa_etiqueta", operacao: Tecnica, guarda: Junto, colunas: &[(Nenhum, "empresa_id etiqueta_id")] },
    Tabela {
        nome: "empresa_lote",
        operacao: Operacao::Cadastro,
        guarda: Guarda::Dias(1),
        colunas: &[
            (Nenhum, "id action changed unchanged created_at undone_at undone etiqueta_id"),
            (Vinculo, "actor_id"),
            (TextoLivre, "consulta"),
        ],
    },
    Tabela {
        nome: "empresa_lote_linha",
        operacao: Operacao::Cadastro,
        guarda: Junto,
        colunas: &[
            (Nenhum, "lote_id empresa_id version situacao"),
            (Vinculo, "responsavel_id"),
            (Identificacao, "responsavel_nome"),
        ],
    },
    Tabela {
        nome: "empresa_par",
        operacao: Tecnica,
        guarda: Junto,
        colunas: &[(Nenhum, "first_id last_id raiz nome email telefone score")],
    },
    Tabela { nome: "empresa_par_busca", operacao: Tecnica, guarda: Unidade, colunas: &[(Nenhum, "id due_at finished_at rows")] },
    Tabela {
        nome: "empresa_par_dispensado",
        operacao: Operacao::Cadastro,
        guarda: Junto,
        colunas: &[(Nenhum, "first_id last_id created_at"), (Vinculo, "actor_id"), (Identificacao, "actor_nome")],
    },
    Tabela {
        nome: "empresa_mescla",
        operacao: Operacao::Cadastro,
        guarda: Junto,
        colunas: &[
            (Nenhum, "id empresa_id mesclada_id created_at moved undone_at"),
            (Vinculo, "actor_id undone_actor_id"),
            (Identificacao, "actor_nome undone_actor_nome"),
            (Copia, "before after kept"),
        ],
    },
    Tabela {
        nome: "reconsulta",
        operacao: Operacao::Cadastro,
        guarda: Guarda::Dias(90),
        colunas: &[
            (Nenhum, "id state total inalteradas alteradas novas ausentes falhas fora silencios reason created_at finished_at"),
            (Vinculo, "usuario_id"),
            (TextoLivre, "consulta"),
        ],
    },
    Tabela {
        nome: "reconsulta_linha",
        operacao: Tecnica,
        guarda: Junto,
        colunas: &[(Nenhum, "reconsulta_id empresa_id position attempts resultado before after answered_at")],
    },
    Tabela {
        nome: "importacao",
        operacao: Planilhas,
        guarda: Cadastro,
        colunas: &[
            (
                Nenhum,
                "id hash bytes state sheet mapping mode counts created_at finished_at version segmentos undone_at undone_counts \
                 escolha problem etiquetas",
            ),
            (Vinculo, "actor_id undone_actor_id confirmada_por"),
            (Identificacao, "actor_nome undone_actor_nome"),
            (TextoLivre, "file_name"),
            (Copia, "inspection"),
            (Arquivo, "content"),
        ],
    },
    Tabela {
        nome: "importacao_linha",
        operacao: Planilhas,
        guarda: Junto,
        colunas: &[
            (Nenhum, "importacao_id number situacao escolha preferida cnpj segmento outcome version etiquetas"),
            (Copia, "problems cells raw edits"),
        ],
    },
    Tabela {
        nome: "importacao_mudanca",
        operacao: Planilhas,
        guarda: Guarda::Dias(90),
        colunas: &[
            (Nenhum, "importacao_id empresa_id created version_before version_after reason etiquetas_postas etiquetas_tiradas"),
            (Copia, "before"),
        ],
    },
    Tabela { nome: "importacao_mapping", operacao: Tecnica, guarda: Unidade, colunas: &[(Nenhum, "key mapping used_at")] },
    Tabela {
        nome: "importacao_andamento",
        operacao: Tecnica,
        guarda: Junto,
        colunas: &[(Nenhum, "importacao_id done total cancelled")],
    },
    Tabela {
        nome: "exportacao",
        operacao: Planilhas,
        guarda: Guarda::Dias(30),
        colunas: &[
            (Nenhum, "id format idioma state done total bytes arquivo_id reason created_at finished_at expires_at"),
            (Vinculo, "usuario_id"),
            (TextoLivre, "consulta file_name"),
        ],
    },
];
