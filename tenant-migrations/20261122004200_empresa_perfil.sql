-- What the presets may do with empresas (S0-2.5 to S0-2.16). Administrador holds everything without a row.
INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil.id, preset.permissao, preset.escopo
FROM (VALUES
    ('coordenador', 'empresas.empresa.ver', 'todas'),
    ('coordenador', 'empresas.empresa.registrar', 'todas'),
    ('coordenador', 'empresas.empresa.alterar', 'todas'),
    ('coordenador', 'empresas.empresa.excluir', 'todas'),
    ('coordenador', 'empresas.empresa.exportar', 'todas'),
    ('coordenador', 'empresas.empresa.importar', 'todas'),
    ('atendente', 'empresas.empresa.ver', 'proprias'),
    ('atendente', 'empresas.empresa.registrar', 'proprias'),
    ('atendente', 'empresas.empresa.alterar', 'proprias'),
    ('atendente', 'empresas.empresa.exportar', 'proprias'),
    ('leitor', 'empresas.empresa.ver', 'todas'),
    ('leitor', 'empresas.empresa.exportar', 'todas')
) AS preset (key, permissao, escopo)
JOIN perfil ON perfil.key = preset.key
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
