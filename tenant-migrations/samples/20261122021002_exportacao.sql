INSERT INTO exportacao (id, usuario_id, format, consulta, idioma, file_name, state, done, total, bytes, arquivo_id, created_at, finished_at, expires_at)
SELECT '01900000-0000-7000-8000-000000000310', id, 'xlsx', 'uf=SC', 'pt-BR', 'empresas.xlsx', 'pronta', 30000, 30000, 9,
       '01900000-0000-7000-8000-000000000311', '2026-11-22T12:00:00Z', '2026-11-22T12:01:00Z', '2026-11-29T12:01:00Z'
FROM usuario ORDER BY created_at LIMIT 1;
