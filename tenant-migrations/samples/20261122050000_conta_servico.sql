INSERT INTO usuario (id, nome, email, kind, descricao, perfil_id, created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000150', 'Integração ERP', 'servico-01900000-0000-7000-8000-000000000150@invalid', 'servico',
       'Lê as empresas todas as noites', id, '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z' FROM perfil WHERE key = 'leitor';
INSERT INTO servico_responsavel (servico_id, usuario_id, created_at)
VALUES ('01900000-0000-7000-8000-000000000150', '01900000-0000-7000-8000-000000000101', '2026-11-22T12:00:00Z');
INSERT INTO token_chave (number, created_at, created_by_nome) VALUES (2, '2026-11-22T12:00:00Z', 'Marina Costa');
INSERT INTO token_api (id, nome, permissoes, created_at, created_by_nome, expires_at, servico_id, chave, limite, minute, count)
VALUES ('01900000-0000-7000-8000-000000000151', 'Carga noturna', '{empresas.empresa.ver}', '2026-11-22T12:00:00Z', 'Marina Costa',
        '2027-11-22T12:00:00Z', '01900000-0000-7000-8000-000000000150', 2, 60, 29923000, 3);
