INSERT INTO platform.apagamento (unidade_id, titular_kind, titular_id, por_nome, apagado_at)
VALUES ('01900000-0000-7000-8000-0000000000a1', 'contato', '01900000-0000-7000-8000-000000000a02', false, '2026-11-22T12:00:00Z');
