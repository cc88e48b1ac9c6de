-- The link of this account in the register (platform.conta.id). Whatever another person changes in the ways in of the account
-- empties it in the same transaction, and with it every way from here and to here.
ALTER TABLE usuario
    ADD COLUMN conta_id uuid,
    -- Leads into the other accounts of its círculo, and is entered from them. Without it the link is one to be seen in a list.
    ADD COLUMN passagem boolean NOT NULL DEFAULT false;
