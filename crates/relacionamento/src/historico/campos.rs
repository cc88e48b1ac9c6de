//! Which fields a spreadsheet of the past may bring. They are called as our own exports call them, so that one of those is read again
//! without a question.

use kernel::Lang;
use sheets::import::ColumnSpec;

use super::Especie;

/// A field that a file may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Campo {
    pub key: &'static str,
    /// Keys of its name, and of what may stand in it.
    pub label: &'static str,
    pub help: &'static str,
    /// What else it is called.
    synonyms: &'static [&'static str],
    /// Without it no line says enough.
    required: bool,
}

const EMPRESA: Campo = Campo {
    key: "empresa",
    label: "visita-empresa",
    help: "historico-help-empresa",
    synonyms: &["razão social", "nome da empresa", "nome fantasia", "cliente", "indústria", "company"],
    required: false,
};
const CNPJ: Campo = Campo {
    key: "cnpj",
    label: "empresa-cnpj",
    help: "historico-help-cnpj",
    synonyms: &["cnpj/mf", "cnpj da empresa", "cnpj do cliente"],
    required: false,
};

const VISITA: [Campo; 12] = [
    EMPRESA,
    CNPJ,
    Campo {
        key: "inicio",
        label: "visita-inicio",
        help: "historico-help-inicio",
        synonyms: &["data", "dia", "data da visita", "data e hora", "data de início", "date", "start"],
        required: true,
    },
    Campo {
        key: "hora",
        label: "historico-hora",
        help: "historico-help-hora",
        synonyms: &["horário", "hora de início", "hora inicial", "hora da visita", "time"],
        required: false,
    },
    Campo {
        key: "fim",
        label: "visita-fim",
        help: "historico-help-fim",
        synonyms: &["término", "hora final", "hora do fim", "hora de término", "end"],
        required: false,
    },
    Campo {
        key: "responsavel",
        label: "visita-responsavel",
        help: "historico-help-responsavel",
        synonyms: &["técnico", "responsável", "consultor", "visitante", "visitado por", "atendente", "technician", "owner"],
        required: true,
    },
    Campo {
        key: "objetivo",
        label: "visita-objetivo",
        help: "historico-help-objetivo",
        synonyms: &["assunto", "finalidade", "pauta", "motivo da visita", "purpose", "goal"],
        required: true,
    },
    Campo { key: "local", label: "visita-local", help: "visita-local-help", synonyms: &["endereço", "place"], required: false },
    Campo {
        key: "situacao",
        label: "visita-situacao",
        help: "historico-help-situacao-visita",
        synonyms: &["status", "andamento"],
        required: false,
    },
    Campo {
        key: "resumo",
        label: "visita-resumo",
        help: "visita-resumo-help",
        synonyms: &["relato", "resultado", "observações", "ata", "anotações", "summary", "notes"],
        required: false,
    },
    Campo {
        key: "proximos_passos",
        label: "visita-proximos-passos",
        help: "visita-proximos-passos-help",
        synonyms: &["encaminhamentos", "ações", "pendências", "next steps"],
        required: false,
    },
    Campo {
        key: "motivo",
        label: "visita-motivo",
        help: "historico-help-motivo",
        synonyms: &["motivo", "justificativa", "reason"],
        required: false,
    },
];

const DEMANDA: [Campo; 13] = [
    EMPRESA,
    CNPJ,
    Campo {
        key: "titulo",
        label: "demanda-titulo",
        help: "historico-help-titulo",
        synonyms: &["assunto", "demanda", "título da demanda", "title", "subject"],
        required: false,
    },
    Campo {
        key: "descricao",
        label: "demanda-descricao",
        help: "historico-help-descricao",
        synonyms: &["necessidade", "detalhes", "descrição da demanda", "observações", "description"],
        required: false,
    },
    Campo {
        key: "tipo",
        label: "demanda-tipo",
        help: "historico-help-tipo",
        synonyms: &["tipo de demanda", "categoria", "serviço", "type"],
        required: false,
    },
    Campo {
        key: "setor",
        label: "demanda-setor",
        help: "historico-help-setor",
        synonyms: &["setor", "área", "departamento", "department"],
        required: false,
    },
    Campo {
        key: "situacao",
        label: "demanda-etapa",
        help: "historico-help-situacao-demanda",
        synonyms: &["situação", "status", "andamento", "stage"],
        required: false,
    },
    Campo {
        key: "valor",
        label: "demanda-valor",
        help: "historico-help-valor",
        synonyms: &["valor", "valor (r$)", "orçamento", "value"],
        required: false,
    },
    Campo {
        key: "responsavel",
        label: "demanda-responsavel",
        help: "historico-help-responsavel",
        synonyms: &["responsável interno", "técnico", "consultor", "atendente", "owner"],
        required: false,
    },
    Campo {
        key: "registrada",
        label: "demanda-criada",
        help: "historico-help-registrada",
        synonyms: &["data", "data de abertura", "abertura", "data da demanda", "criada em", "data de criação", "opened"],
        required: true,
    },
    Campo {
        key: "prazo",
        label: "demanda-prazo",
        help: "historico-help-prazo",
        synonyms: &["data limite", "vencimento", "deadline", "due"],
        required: false,
    },
    Campo {
        key: "encerrada",
        label: "demanda-concluida-at",
        help: "historico-help-encerrada",
        synonyms: &["conclusão", "data de conclusão", "encerramento", "data de encerramento", "encerrada em", "closed"],
        required: false,
    },
    Campo {
        key: "motivo",
        label: "demanda-motivo",
        help: "historico-help-motivo",
        synonyms: &["motivo do cancelamento", "justificativa", "reason"],
        required: false,
    },
];

/// Those that a spreadsheet of that kind may bring, in the order of the modelo.
#[must_use]
pub const fn of(especie: Especie) -> &'static [Campo] {
    match especie {
        Especie::Visita => &VISITA,
        Especie::Demanda => &DEMANDA,
    }
}

/// Key of a field's name.
pub(super) fn label(especie: Especie, key: &str) -> &'static str {
    of(especie).iter().find(|campo| campo.key == key).map_or("planilha-line", |campo| campo.label)
}

/// What the columns may be called.
pub(super) fn specs(especie: Especie) -> Vec<ColumnSpec> {
    let spec = |campo: &Campo| ColumnSpec {
        key: campo.key,
        label: idioma::t(Lang::default(), campo.label).to_owned(),
        synonyms: campo.synonyms,
        required: campo.required,
    };
    of(especie).iter().map(spec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(especie: Especie, headers: &[&str]) -> Vec<&'static str> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        let guess = sheets::import::guess(&headers, &specs(especie));
        guess.columns.into_iter().map(Option::unwrap_or_default).collect()
    }

    #[test]
    fn columns_of_everyday_spreadsheets_are_known() {
        let columns =
            guessed(Especie::Visita, &["Data da visita", "Hora", "Cliente", "Técnico", "Assunto", "Status", "Observações"]);
        assert_eq!(columns, ["inicio", "hora", "empresa", "responsavel", "objetivo", "situacao", "resumo"]);
        let columns =
            guessed(Especie::Demanda, &["CNPJ", "Demanda", "Categoria", "Abertura", "Conclusão", "Status", "Valor (R$)"]);
        assert_eq!(columns, ["cnpj", "titulo", "tipo", "registrada", "encerrada", "situacao", "valor"]);
    }

    /// An export is read again without a question: of each field by the column that our own file calls so.
    #[test]
    fn our_own_names_are_each_one_field() {
        for especie in Especie::ALL {
            for campo in of(especie) {
                assert_eq!(guessed(especie, &[idioma::t(Lang::PtBr, campo.label)]), [campo.key]);
            }
        }
    }
}
