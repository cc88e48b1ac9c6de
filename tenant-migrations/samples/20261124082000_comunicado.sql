INSERT INTO comunicado (id, titulo, texto, todos, told, mailed, data_inicio, data_fim, autor_id, autor_nome, created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000920', 'Manutenção', 'O sistema para às 18 h.', true, true, true, '2026-11-24', '2026-11-30', id, nome,
       '2026-11-24T12:00:00Z', '2026-11-24T12:00:00Z'
FROM usuario ORDER BY id LIMIT 1;
INSERT INTO comunicado_leitura (comunicado_id, usuario_id, told_at, read_at, dismissed_at)
SELECT '01900000-0000-7000-8000-000000000920', id, '2026-11-24T12:00:00Z', '2026-11-24T13:00:00Z', NULL FROM usuario ORDER BY id LIMIT 1;
INSERT INTO comunicado_perfil (comunicado_id, perfil_id)
SELECT comunicado.id, perfil.id FROM comunicado, perfil ORDER BY perfil.id LIMIT 1;
INSERT INTO comunicado_usuario (comunicado_id, usuario_id)
SELECT comunicado.id, usuario.id FROM comunicado, usuario ORDER BY usuario.id LIMIT 1;
