# What is wrong with a value, by the rule's code: `invalid-<code>`.
invalid-boolean-invalid = Escreva sim ou não.
invalid-cep-invalid = Um CEP tem 8 números, como 89201-100.
invalid-choice = Escolha uma das opções da lista.
invalid-cnpj-character = Use só letras, números e os sinais . / - no CNPJ.
invalid-cnpj-check-digits = Este CNPJ não existe: confira os dois últimos números.
invalid-cnpj-length = Um CNPJ tem 14 caracteres: letras, números e os dois números finais.
invalid-confirmation = O que foi digitado não confere. Digite exatamente o que está escrito acima.
invalid-cpf-invalid = Este CPF não existe: confira os números.
invalid-cpf-length = Um CPF tem 11 números.
invalid-date-impossible = Este dia não existe no calendário.
invalid-date-invalid = Escreva a data como 22/11/2026.
invalid-date-past = Este dia já passou. Escolha um de hoje em diante.
invalid-email-invalid = Confira o e-mail: ele é escrito como nome@empresa.com.br.
invalid-format-unknown = Este formato de arquivo não está disponível.
invalid-integer-invalid = Escreva um número inteiro, sem vírgula.
invalid-lang-unknown = Este idioma não está disponível.
invalid-number-invalid = Escreva só números, como 1.234,5.
invalid-reais-decimals = Use no máximo duas casas depois da vírgula.
invalid-reais-invalid = Escreva o valor como 1.234,56.
invalid-reais-range = Este valor é maior do que o sistema aceita.
invalid-required = Preencha este campo.
invalid-status-unknown = Esta situação não existe.
invalid-taken = Já existe outro com este valor. Escolha um diferente.
invalid-telefone-invalid = Informe o telefone com DDD, como (47) 99999-1234.
invalid-texto-control = Há caracteres invisíveis neste texto. Digite-o de novo.
invalid-texto-empty = Preencha este campo.
invalid-texto-too-long =
    { $max ->
        [one] Use no máximo { $max } caractere.
       *[other] Use no máximo { $max } caracteres.
    }
invalid-uf-invalid = Escolha um estado da lista.
