INSERT INTO usuario_importacao (id, file_name, hash, headers, lines, mapping, state, created_at, created_by)
VALUES ('01900000-0000-7000-8000-000000000160', 'equipe.csv', '\x01', '{Nome,E-mail}', '[{"n": 2, "c": ["Ana Lima", "ana@senai.example"]}]',
        '{nome,email}', 'previa', '2026-11-22T12:00:00Z', '01900000-0000-7000-8000-000000000101');
