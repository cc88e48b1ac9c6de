# What is wrong with a value, by the rule's code: `invalid-<code>`.
invalid-boolean-invalid = Write yes or no.
invalid-cep-invalid = A CEP has 8 digits, as in 89201-100.
invalid-choice = Choose one of the options in the list.
invalid-cnpj-character = Use only letters, digits and the signs . / - in a CNPJ.
invalid-cnpj-check-digits = This CNPJ does not exist: check the last two digits.
invalid-cnpj-length = A CNPJ has 14 characters: letters, digits and the two check digits.
invalid-confirmation = What was typed does not match. Type exactly what is written above.
invalid-cpf-invalid = This CPF does not exist: check the digits.
invalid-cpf-length = A CPF has 11 digits.
invalid-date-impossible = There is no such day in the calendar.
invalid-date-invalid = Write the date as 22/11/2026.
invalid-date-past = This day is over. Choose today or a later one.
invalid-email-invalid = Check the e-mail: it is written like name@company.com.
invalid-format-unknown = This file format is not available.
invalid-integer-invalid = Write a whole number.
invalid-lang-unknown = This language is not available.
invalid-number-invalid = Write only numbers, as in 1.234,5.
invalid-reais-decimals = Use at most two places after the comma.
invalid-reais-invalid = Write the amount as 1.234,56.
invalid-reais-range = This amount is larger than the system accepts.
invalid-required = Fill in this field.
invalid-status-unknown = There is no such status.
invalid-taken = Another one already has this value. Choose a different one.
invalid-telefone-invalid = Give the number with its area code, as in (47) 99999-1234.
invalid-texto-control = There are invisible characters in this text. Type it again.
invalid-texto-empty = Fill in this field.
invalid-texto-too-long =
    { $max ->
        [one] Use at most { $max } character.
       *[other] Use at most { $max } characters.
    }
invalid-uf-invalid = Choose a state from the list.
