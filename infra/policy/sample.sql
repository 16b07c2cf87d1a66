-- The data of the sample bundle's datasets. Everybody in it is invented. The local run makes it once, in .proofgate/sample.db.
CREATE TABLE customers (
  id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, region TEXT NOT NULL, vip BOOLEAN NOT NULL, name TEXT, since INTEGER, email TEXT, phone TEXT, account TEXT, notes TEXT);
CREATE TABLE invoices (
  id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, customer INTEGER NOT NULL, region TEXT NOT NULL, cents INTEGER NOT NULL, paid BOOLEAN NOT NULL, due INTEGER, card TEXT);

INSERT INTO customers VALUES
  (1, 'default', 'eu', 0, 'Ada Nowak', 1672531200000, 'ada.nowak@example.com', '+49 30 901820', 'DE89370400440532013000', 'Wants the yearly report by mail to ada.nowak@example.com.'),
  (2, 'default', 'eu', 0, 'Bruno Costa', 1680307200000, 'bruno.costa@example.org', '+351 21 031 2000', 'GB82WEST12345698765432', 'Asked twice about the invoice of March.'),
  (3, 'default', 'us', 0, 'Carla Diaz', 1688169600000, 'carla.diaz@example.net', '+1 212-736-5000', NULL, 'Moved; new card is 4242 4242 4242 4242, she says.'),
  (4, 'default', 'us', 0, 'Deniz Kaya', 1696118400000, 'deniz.kaya@example.com', '+1 415-554-4000', NULL, NULL),
  (5, 'default', 'eu', 0, 'Elin Berg', 1704067200000, 'elin.berg@example.org', '+46 8 508 290 00', NULL, 'Prefers to be called in the morning.'),
  (6, 'default', 'eu', 1, 'Frida Lind', 1711929600000, 'frida.lind@example.com', '+46 8 402 60 00', NULL, 'Known to the board.'),
  (7, 'default', 'eu', 0, 'Goran Ilic', 1719792000000, 'goran.ilic@example.net', '+385 1 456 9999', NULL, NULL),
  (8, 'fabrikam', 'eu', 0, 'Hana Mori', 1727740800000, 'hana.mori@example.com', '+81 3-5253-1111', NULL, 'Of another tenant.');

INSERT INTO invoices VALUES
  (1, 'default', 1, 'eu', 119900, 1, 1735689600000, '4242424242424242'),
  (2, 'default', 2, 'eu', 4900, 0, 1743465600000, NULL),
  (3, 'default', 3, 'us', 250000, 0, 1743465600000, '5555555555554444'),
  (4, 'default', 4, 'us', 9900, 1, 1735689600000, NULL),
  (5, 'default', 5, 'eu', 75000, 1, 1735689600000, NULL),
  (6, 'default', 6, 'eu', 990000, 0, 1743465600000, NULL),
  (7, 'fabrikam', 8, 'eu', 1200, 0, 1743465600000, NULL);
