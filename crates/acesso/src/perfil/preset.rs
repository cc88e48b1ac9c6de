//! The perfis that the product brings (D-3): four models of four customers, under their own names. A unidade changes them as it
//! likes and can have them back.
//!
//! Codes of modules to come stand here too: until such a module declares them they give nothing and nobody sees them.

use std::collections::BTreeMap;

use kernel::Scope;

/// A perfil as the product brings it.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    pub key: &'static str,
    pub nome: &'static str,
    pub administrador: bool,
    permissoes: &'static [(&'static str, Scope)],
}

impl Preset {
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.key == key)
    }

    #[must_use]
    pub fn permissoes(&self) -> BTreeMap<String, Scope> {
        self.permissoes.iter().map(|(code, scope)| ((*code).to_owned(), *scope)).collect()
    }
}

pub static PRESETS: &[Preset] = &[
    Preset { key: "administrador", nome: "Administrador", administrador: true, permissoes: &[] },
    Preset {
        key: "coordenador",
        nome: "Coordenador",
        administrador: false,
        permissoes: &[
            ("acesso.ausencia.gerir", Scope::Todas),
            ("acesso.ausencia.ver", Scope::Todas),
            ("acesso.comunicado.gerir", Scope::Todas),
            ("agenda.agenda.ver", Scope::Todas),
            ("empresas.documento.enviar", Scope::Todas),
            ("empresas.documento.excluir", Scope::Todas),
            ("empresas.documento.ver", Scope::Todas),
            ("empresas.empresa.alterar", Scope::Todas),
            ("empresas.empresa.consultar", Scope::Todas),
            ("empresas.empresa.excluir", Scope::Todas),
            ("empresas.empresa.exportar", Scope::Todas),
            ("empresas.empresa.importar", Scope::Todas),
            ("empresas.empresa.registrar", Scope::Todas),
            ("empresas.empresa.ver", Scope::Todas),
            ("empresas.etiqueta.gerir", Scope::Todas),
            ("relacionamento.demanda.alterar", Scope::Todas),
            ("relacionamento.demanda.excluir", Scope::Todas),
            ("relacionamento.demanda.exportar", Scope::Todas),
            ("relacionamento.demanda.registrar", Scope::Todas),
            ("relacionamento.demanda.ver", Scope::Todas),
            ("relacionamento.historico.importar", Scope::Todas),
            ("relacionamento.projeto.alterar", Scope::Todas),
            ("relacionamento.projeto.excluir", Scope::Todas),
            ("relacionamento.projeto.ver", Scope::Todas),
            ("relacionamento.tarefa.gerir", Scope::Todas),
            ("relacionamento.tarefa.ver", Scope::Todas),
            ("relacionamento.visita.alterar", Scope::Todas),
            ("relacionamento.visita.excluir", Scope::Todas),
            ("relacionamento.visita.exportar", Scope::Todas),
            ("relacionamento.visita.registrar", Scope::Todas),
            ("relacionamento.visita.ver", Scope::Todas),
        ],
    },
    Preset {
        key: "atendente",
        nome: "Atendente",
        administrador: false,
        permissoes: &[
            ("acesso.ausencia.ver", Scope::Todas),
            ("agenda.agenda.ver", Scope::Todas),
            ("empresas.documento.enviar", Scope::Proprias),
            ("empresas.documento.excluir", Scope::Proprias),
            ("empresas.documento.ver", Scope::Proprias),
            ("empresas.empresa.alterar", Scope::Proprias),
            ("empresas.empresa.consultar", Scope::Todas),
            ("empresas.empresa.exportar", Scope::Proprias),
            ("empresas.empresa.registrar", Scope::Proprias),
            ("empresas.empresa.ver", Scope::Proprias),
            ("relacionamento.demanda.alterar", Scope::Proprias),
            ("relacionamento.demanda.exportar", Scope::Proprias),
            ("relacionamento.demanda.registrar", Scope::Proprias),
            ("relacionamento.demanda.ver", Scope::Proprias),
            ("relacionamento.projeto.alterar", Scope::Proprias),
            ("relacionamento.projeto.ver", Scope::Proprias),
            ("relacionamento.tarefa.gerir", Scope::Proprias),
            ("relacionamento.tarefa.ver", Scope::Proprias),
            ("relacionamento.visita.alterar", Scope::Proprias),
            ("relacionamento.visita.exportar", Scope::Proprias),
            ("relacionamento.visita.registrar", Scope::Proprias),
            ("relacionamento.visita.ver", Scope::Proprias),
        ],
    },
    Preset {
        key: "leitor",
        nome: "Leitor",
        administrador: false,
        permissoes: &[
            ("acesso.ausencia.ver", Scope::Todas),
            ("agenda.agenda.ver", Scope::Todas),
            ("empresas.documento.ver", Scope::Todas),
            ("empresas.empresa.exportar", Scope::Todas),
            ("empresas.empresa.ver", Scope::Todas),
            ("relacionamento.demanda.exportar", Scope::Todas),
            ("relacionamento.demanda.ver", Scope::Todas),
            ("relacionamento.projeto.ver", Scope::Todas),
            ("relacionamento.tarefa.ver", Scope::Todas),
            ("relacionamento.visita.exportar", Scope::Todas),
            ("relacionamento.visita.ver", Scope::Todas),
        ],
    },
    Preset {
        key: "master",
        nome: "Master",
        administrador: false,
        permissoes: &[
            ("acesso.auditoria.ver", Scope::Todas),
            ("acesso.configuracao.ver", Scope::Todas),
            ("acesso.identidade.alterar", Scope::Todas),
            ("acesso.perfil.gerir", Scope::Todas),
            ("acesso.usuario.gerir", Scope::Todas),
            ("acesso.usuario.ver", Scope::Todas),
            ("agendamentos.agendamento.registrar", Scope::Todas),
            ("agendamentos.agendamento.ver", Scope::Todas),
            ("agendamentos.cargo.cadastrar", Scope::Todas),
            ("agendamentos.cliente.cadastrar", Scope::Todas),
            ("agendamentos.configuracao.alterar", Scope::Todas),
            ("agendamentos.funcionario.cadastrar", Scope::Todas),
            ("agendamentos.relatorio.ver", Scope::Todas),
            ("agendamentos.servico.gerir", Scope::Todas),
        ],
    },
    Preset { key: "restrito", nome: "Restrito", administrador: false, permissoes: &[] },
    Preset { key: "adm", nome: "Adm", administrador: true, permissoes: &[] },
    Preset {
        key: "supervisor",
        nome: "Supervisor",
        administrador: false,
        permissoes: &[
            ("empresas.documento.enviar", Scope::Vinculadas),
            ("empresas.documento.ver", Scope::Vinculadas),
            ("empresas.empresa.alterar", Scope::Vinculadas),
            ("empresas.empresa.consultar", Scope::Todas),
            ("empresas.empresa.exportar", Scope::Vinculadas),
            ("empresas.empresa.registrar", Scope::Vinculadas),
            ("empresas.empresa.ver", Scope::Vinculadas),
            ("empresas.segmento.gerir", Scope::Todas),
            ("pendencias.log.ver", Scope::Vinculadas),
            ("pendencias.painel.operador", Scope::Vinculadas),
            ("pendencias.painel.supervisor", Scope::Vinculadas),
            ("pendencias.painel.ver", Scope::Vinculadas),
            ("pendencias.pendencia.aprovar", Scope::Vinculadas),
            ("pendencias.pendencia.devolver", Scope::Vinculadas),
            ("pendencias.pendencia.editar", Scope::Vinculadas),
            ("pendencias.pendencia.exportar", Scope::Vinculadas),
            ("pendencias.pendencia.recusar", Scope::Vinculadas),
            ("pendencias.pendencia.resolver", Scope::Vinculadas),
            ("pendencias.pendencia.responder", Scope::Vinculadas),
            ("pendencias.pendencia.ver", Scope::Vinculadas),
            ("pendencias.relatorio.mensal", Scope::Vinculadas),
            ("pendencias.relatorio.operadores", Scope::Vinculadas),
            ("pendencias.resolvida.ver", Scope::Vinculadas),
        ],
    },
    Preset {
        key: "operador",
        nome: "Operador",
        administrador: false,
        permissoes: &[
            ("empresas.documento.enviar", Scope::Vinculadas),
            ("empresas.documento.ver", Scope::Vinculadas),
            ("empresas.empresa.ver", Scope::Vinculadas),
            ("pendencias.importacao.importar", Scope::Vinculadas),
            ("pendencias.log.ver", Scope::Vinculadas),
            ("pendencias.painel.operador", Scope::Vinculadas),
            ("pendencias.painel.ver", Scope::Vinculadas),
            ("pendencias.pendencia.atender", Scope::Vinculadas),
            ("pendencias.pendencia.classificar", Scope::Vinculadas),
            ("pendencias.pendencia.editar", Scope::Vinculadas),
            ("pendencias.pendencia.encaminhar", Scope::Vinculadas),
            ("pendencias.pendencia.registrar", Scope::Vinculadas),
            ("pendencias.pendencia.responder", Scope::Vinculadas),
            ("pendencias.pendencia.ver", Scope::Vinculadas),
            ("pendencias.relatorio.mensal", Scope::Vinculadas),
        ],
    },
    Preset {
        key: "cliente_supervisor",
        nome: "Cliente Supervisor",
        administrador: false,
        permissoes: &[
            ("empresas.documento.ver", Scope::Vinculadas),
            ("empresas.empresa.exportar", Scope::Vinculadas),
            ("empresas.empresa.ver", Scope::Vinculadas),
            ("pendencias.log.ver", Scope::Vinculadas),
            ("pendencias.painel.ver", Scope::Vinculadas),
            ("pendencias.pendencia.exportar", Scope::Vinculadas),
            ("pendencias.pendencia.responder", Scope::Vinculadas),
            ("pendencias.pendencia.ver", Scope::Vinculadas),
            ("pendencias.relatorio.mensal", Scope::Vinculadas),
            ("pendencias.relatorio.operadores", Scope::Vinculadas),
        ],
    },
    Preset {
        key: "cliente",
        nome: "Cliente",
        administrador: false,
        permissoes: &[
            ("empresas.empresa.ver", Scope::Vinculadas),
            ("pendencias.painel.ver", Scope::Vinculadas),
            ("pendencias.pendencia.responder", Scope::Vinculadas),
            ("pendencias.pendencia.ver", Scope::Vinculadas),
        ],
    },
];
