INSERT INTO platform.suporte (id, unidade_id, admin_id, motivo, minutos_pedidos, escrita_pedida, situacao, asked_at, expires_at)
VALUES ('01900000-0000-7000-8000-0000000000c1', '01900000-0000-7000-8000-0000000000a1', '01900000-0000-7000-8000-0000000000b1',
        'Conferir a importação', 60, false, 'pedido', '2026-11-22T12:00:00Z', '2026-11-29T12:00:00Z');
INSERT INTO platform.passagem (token_hash, unidade_id, suporte_id, admin_sessao_id, created_at, expires_at)
VALUES ('\x05', '01900000-0000-7000-8000-0000000000a1', '01900000-0000-7000-8000-0000000000c1',
        '01900000-0000-7000-8000-0000000000b2', '2026-11-22T12:00:00Z', '2026-11-22T12:01:00Z');
