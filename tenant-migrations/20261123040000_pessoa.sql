-- The link of this account in the register (platform.conta.id). Whatever another person changes in the ways in of the account
-- empties it in the same transaction, and with it every way from here and to here.
ALTER TABLE usuario ADD COLUMN conta_id uuid;
