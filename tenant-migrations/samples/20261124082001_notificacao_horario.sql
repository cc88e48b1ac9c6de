INSERT INTO notificacao_horario (usuario_id, silencio_inicio, silencio_fim, resumo_hora, updated_at)
SELECT id, '22:00', '07:00', 8, '2026-11-24T12:00:00Z' FROM usuario ORDER BY id LIMIT 1;
INSERT INTO mensagem (id, channel, recipient, subject, body_text, state, created_at, usuario_id, kind, href, descadastro, waits, hold_until)
SELECT '01900000-0000-7000-8000-000000000921', 'email', email, '2 avisos', '', 'queued', '2026-11-24T12:00:00Z', id, 'messaging.resumo', '/notificacoes',
       '01900000-0000-7000-8000-000000000922', false, NULL
FROM usuario ORDER BY id LIMIT 1;
INSERT INTO mensagem (id, channel, recipient, subject, body_text, state, created_at, usuario_id, kind, href, descadastro, waits, hold_until, resumo_id)
SELECT '01900000-0000-7000-8000-000000000923', 'email', email, 'Aviso', 'Aviso', 'gathered', '2026-11-24T12:00:00Z', id, 'empresas.importacao', '/empresas',
       '01900000-0000-7000-8000-000000000924', true, '2026-11-25T11:00:00Z', '01900000-0000-7000-8000-000000000921'
FROM usuario ORDER BY id LIMIT 1;
