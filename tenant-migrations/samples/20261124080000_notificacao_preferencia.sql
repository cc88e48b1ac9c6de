INSERT INTO notificacao_preferencia (usuario_id, kind, channel, wanted, updated_at)
SELECT id, 'empresas.importacao', 'email', true, '2026-11-24T12:00:00Z' FROM usuario ORDER BY id LIMIT 1;
INSERT INTO mensagem (id, channel, recipient, subject, body_text, state, created_at, usuario_id, kind, href, descadastro)
SELECT '01900000-0000-7000-8000-000000000913', 'email', email, 'Aviso', 'Aviso', 'sent', '2026-11-24T12:00:00Z', id, 'empresas.importacao',
       '/empresas/importacoes', '01900000-0000-7000-8000-000000000914'
FROM usuario ORDER BY id LIMIT 1;
