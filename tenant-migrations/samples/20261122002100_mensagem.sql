INSERT INTO mensagem (id, channel, recipient, recipient_nome, subject, body_text, body_html, state, attempts, message_id, created_at, sent_at)
VALUES
    ('01900000-0000-7000-8000-000000000011', 'email', 'ana@senai.example', 'Ana', 'Convite', NULL, NULL, 'sent', 1,
     '<01900000-0000-7000-8000-000000000011@senai.example>', '2026-11-22T12:00:00Z', '2026-11-22T12:00:05Z'),
    ('01900000-0000-7000-8000-000000000012', 'panel', '01900000-0000-7000-8000-000000000001', NULL, 'Aviso', 'Olá', NULL, 'queued', 0,
     NULL, '2026-11-22T12:00:00Z', NULL);
