-- When somebody of the platform was last seen in the unidade: a session that nobody uses ends before its access does.
ALTER TABLE platform.suporte ADD COLUMN last_used_at timestamptz;
