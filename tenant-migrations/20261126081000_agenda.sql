-- The calendar: what it reads of tarefas and demandas, whoever of them is done.
CREATE INDEX tarefa_data_prazo_idx ON tarefa (data_prazo, id) WHERE deleted_at IS NULL;
CREATE INDEX demanda_data_prazo_idx ON demanda (data_prazo, id) WHERE deleted_at IS NULL;

-- A calendar that somebody reads elsewhere (S0-6.5): whoever has its address sees what its owner sees, until it is revoked.
CREATE TABLE agenda_assinatura (
    id uuid CONSTRAINT agenda_assinatura_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT agenda_assinatura_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    alcance text NOT NULL CONSTRAINT agenda_assinatura_alcance CHECK (alcance IN ('minha', 'unidade')),
    -- SHA-256 of what the address holds: nobody reads it here.
    hash bytea NOT NULL CONSTRAINT agenda_assinatura_hash_key UNIQUE,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz
);
CREATE INDEX agenda_assinatura_usuario_id_idx ON agenda_assinatura (usuario_id);

-- Whoever sees visitas, demandas or tarefas sees the days they stand on.
INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT DISTINCT perfil_id, 'agenda.agenda.ver', 'todas' FROM perfil_permissao
WHERE permissao IN ('relacionamento.visita.ver', 'relacionamento.demanda.ver', 'relacionamento.tarefa.ver')
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
