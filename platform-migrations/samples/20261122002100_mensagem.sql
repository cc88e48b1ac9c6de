INSERT INTO platform.mensagem (id, channel, recipient, subject, body_text, body_html, state, message_id, created_at)
VALUES ('01900000-0000-7000-8000-000000000021', 'email', 'ana@senai.example', 'Convite', 'Olá', '<p>Olá</p>', 'queued',
        '<01900000-0000-7000-8000-000000000021@senai.example>', '2026-11-22T12:00:00Z');
