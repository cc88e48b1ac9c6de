UPDATE empresa SET complemento = 'Galpão 2, portaria norte' WHERE logradouro IS NOT NULL;
