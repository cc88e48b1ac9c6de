INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT id, 'empresas.empresa.excluir', 'proprias' FROM perfil WHERE key = 'atendente';
