INSERT INTO tarefa (id, titulo, detalhes, responsavel_id, entity, entity_id, empresa_id, data_prazo, criada_por_nome, created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000511', 'Enviar o catálogo', 'Em papel', (SELECT id FROM usuario ORDER BY id LIMIT 1), 'empresa', e.id,
       e.id, '2026-11-30', 'Marina Costa', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z'
FROM empresa e WHERE e.cnpj = '12ABC34501DE35' AND EXISTS (SELECT FROM usuario);
INSERT INTO tarefa (id, titulo, responsavel_id, concluida_at, criada_por_id, criada_por_nome, version, created_at, updated_at, deleted_at)
SELECT '01900000-0000-7000-8000-000000000512', 'Comprar café', id, '2026-11-22T13:00:00Z', id, 'Marina Costa', 3, '2026-11-22T12:00:00Z',
       '2026-11-22T14:00:00Z', '2026-11-22T14:00:00Z'
FROM usuario ORDER BY id LIMIT 1;
