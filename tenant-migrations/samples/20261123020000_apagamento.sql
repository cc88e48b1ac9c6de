INSERT INTO apagamento (id, protocolo, titular_kind, titular_id, por_nome, efeitos, linhas, actor_nome, created_at)
VALUES ('01900000-0000-7000-8000-000000000a01', 'LGPD-20261122-0A01', 'contato', '01900000-0000-7000-8000-000000000a02', false,
        '{"contato": [1, 0, 0]}', '{01900000-0000-7000-8000-000000000a03}', 'Marina Costa', '2026-11-22T12:00:00Z');
