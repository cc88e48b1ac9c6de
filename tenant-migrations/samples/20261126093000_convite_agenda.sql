INSERT INTO mensagem (id, channel, recipient, subject, body_text, state, created_at, usuario_id, kind, href, descadastro, waits, compromisso)
SELECT '01900000-0000-7000-8000-000000000931', 'email', email, 'Visita', 'Visita', 'queued', '2026-11-26T12:00:00Z', id, 'relacionamento.visita',
       '/visitas/01900000-0000-7000-8000-000000000932', '01900000-0000-7000-8000-000000000933', true,
       '{"method": "request", "layer": "visita", "id": "01900000-0000-7000-8000-000000000932", "version": 1, "title": "Aurora", "local": "Rua A, 1",
         "inicio_at": "2026-11-30T12:00:00Z", "fim_at": "2026-11-30T14:00:00Z", "written_at": "2026-11-26T12:00:00Z"}'
FROM usuario ORDER BY id LIMIT 1;
