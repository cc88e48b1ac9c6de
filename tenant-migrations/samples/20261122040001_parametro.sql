INSERT INTO parametro (nome, valor, updated_at) VALUES ('sessao_ociosa_minutos', 45, '2026-11-22T12:00:00Z');
