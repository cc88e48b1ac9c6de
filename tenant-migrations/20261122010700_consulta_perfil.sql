-- Whoever may put empresas into the register may ask outside about a CNPJ or a CEP.
INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil.id, 'empresas.empresa.consultar', 'todas'
FROM perfil
WHERE perfil.key IN ('coordenador', 'atendente')
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
