-- Indexes alone; what they hold is in the samples of empresa.
SELECT count(*) FROM empresa;
