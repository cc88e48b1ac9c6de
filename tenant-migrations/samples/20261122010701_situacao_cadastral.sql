UPDATE empresa SET situacao_cadastral = 'baixada', data_situacao_cadastral = '2025-05-20', situacao_cadastral_at = '2026-11-22T12:00:00Z';
