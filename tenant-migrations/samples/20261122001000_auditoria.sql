INSERT INTO auditoria (id, at, actor_kind, actor_nome, action, entity)
VALUES ('01900000-0000-7000-8000-000000000001', '2026-11-22T12:00:00Z', 'sistema', 'SRI', 'unidade.criada', 'unidade');
