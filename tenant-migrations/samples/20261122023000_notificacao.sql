INSERT INTO notificacao (id, usuario_id, key, args, href, created_at, read_at)
SELECT '01900000-0000-7000-8000-000000000230', id, 'importacao-notice', '{"file": "empresas.xlsx", "n": "480"}', '/empresas/importacoes', '2026-11-22T12:00:00Z', NULL
FROM usuario ORDER BY id LIMIT 1;
