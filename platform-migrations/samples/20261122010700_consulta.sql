INSERT INTO ref.cnpj (cnpj, dados, provedor, asked_at, dated_at)
VALUES
    ('12ABC34501DE35', '{"nome": "AMOSTRA LTDA"}', 'receitaws', '2026-11-22T12:00:00Z', '2026-11-01T12:00:00Z'),
    ('11222333000181', NULL, 'brasilapi', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
INSERT INTO platform.provedor (nome, asked_at, failures, closed_until)
VALUES ('receitaws', '{2026-11-22T12:00:00Z}', 1, '2026-11-22T12:01:00Z');
INSERT INTO platform.consulta (unidade_id, cnpj, priority, state, lease_until, created_at, ended_at)
VALUES
    ('01900000-0000-7000-8000-0000000000a1', '12ABC34501DE35', 0, 'waiting', NULL, '2026-11-22T12:00:00Z', NULL),
    ('01900000-0000-7000-8000-0000000000a1', '11222333000181', 1, 'failed', NULL, '2026-11-22T12:00:00Z', '2026-11-22T12:00:03Z');
