-- The floor, hall or gate of an address.
ALTER TABLE empresa ADD COLUMN complemento text;
