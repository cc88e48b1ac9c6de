INSERT INTO platform.pessoa (id, created_at) VALUES ('01900000-0000-7000-8000-0000000000d1', '2026-11-23T04:00:00Z');
INSERT INTO platform.conta (id, pessoa_id, unidade_id, usuario_id, linked_at, last_used_at)
VALUES ('01900000-0000-7000-8000-0000000000d2', '01900000-0000-7000-8000-0000000000d1', '01900000-0000-7000-8000-0000000000a1',
        '01900000-0000-7000-8000-0000000000d3', '2026-11-23T04:00:00Z', '2026-11-23T04:00:00Z');
INSERT INTO platform.passagem (token_hash, unidade_id, created_at, expires_at, de_unidade_id, de_usuario_id, de_sessao_id, navegador_hash, vincula)
VALUES ('\x06', '01900000-0000-7000-8000-0000000000a1', '2026-11-23T04:00:00Z', '2026-11-23T04:01:00Z',
        '01900000-0000-7000-8000-0000000000a1', '01900000-0000-7000-8000-0000000000d3', '01900000-0000-7000-8000-0000000000d4', '\x07', false);
