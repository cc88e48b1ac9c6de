INSERT INTO usuario_permissao (usuario_id, permissao, escopo, expires_at, created_at, created_by_nome)
VALUES ('01900000-0000-7000-8000-000000000101', 'empresas.empresa.exportar', 'todas', '2027-01-01T03:00:00Z', '2026-11-22T12:00:00Z', 'Marina Costa'),
       ('01900000-0000-7000-8000-000000000101', 'empresas.empresa.excluir', NULL, NULL, '2026-11-22T12:00:00Z', 'Marina Costa');
UPDATE usuario SET setor = 'Automação' WHERE id = '01900000-0000-7000-8000-000000000101';
