INSERT INTO distribuicao (id, nome, posicao, ativa, tipos, setores, segmentos, municipios, modo, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-000000000960', 'Cursos no norte', 1, true, '{}', '{}', '{}', '{4209102}', 'revezamento', '2026-11-26T12:00:00Z',
        '2026-11-26T12:00:00Z');
INSERT INTO distribuicao_pessoa (distribuicao_id, usuario_id, vez)
SELECT '01900000-0000-7000-8000-000000000960', id, 1 FROM usuario ORDER BY id LIMIT 1;
