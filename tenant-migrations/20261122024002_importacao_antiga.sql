-- What became of the rows of importações that ended before each row kept it.
UPDATE importacao_linha l SET outcome = CASE l.situacao WHEN 'nova' THEN 'criada' ELSE 'atualizada' END
FROM importacao i
WHERE i.id = l.importacao_id AND l.raw IS NULL AND l.outcome IS NULL AND i.state IN ('concluida', 'desfeita')
  AND (l.situacao = 'nova' AND i.mode IN ('criar', 'ambos') OR l.situacao = 'existente' AND i.mode IN ('atualizar', 'ambos'));
