INSERT INTO idempotencia (actor_id, key, request_hash, status_code, version, body, created_at)
VALUES ('01900000-0000-7000-8000-000000000101', 'pedido-1', '\x01', 201, 1, '{"id": "01900000-0000-7000-8000-000000000201"}', '2026-11-22T12:00:00Z');
