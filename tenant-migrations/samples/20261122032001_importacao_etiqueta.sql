UPDATE importacao_linha SET etiquetas = '["Feira 2027"]' WHERE importacao_id = '01900000-0000-7000-8000-000000000303' AND number = 2;
UPDATE importacao SET etiquetas = '{01900000-0000-7000-8000-000000000241}' WHERE id = '01900000-0000-7000-8000-000000000302';
UPDATE importacao_mudanca SET etiquetas_postas = '{01900000-0000-7000-8000-000000000241}', etiquetas_tiradas = '{}'
WHERE importacao_id = '01900000-0000-7000-8000-000000000302';
