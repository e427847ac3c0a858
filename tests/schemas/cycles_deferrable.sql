-- Cycles that are closed when the transaction ends.
CREATE TABLE orders (id serial PRIMARY KEY, first_line_id int NOT NULL);
CREATE TABLE lines (id serial PRIMARY KEY, order_id int NOT NULL REFERENCES orders, number int NOT NULL, UNIQUE (order_id, number));
ALTER TABLE orders ADD FOREIGN KEY (first_line_id) REFERENCES lines DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE husbands (id int PRIMARY KEY, wife_id int NOT NULL UNIQUE);
CREATE TABLE wives (id int PRIMARY KEY, husband_id int NOT NULL UNIQUE REFERENCES husbands DEFERRABLE);
ALTER TABLE husbands ADD FOREIGN KEY (wife_id) REFERENCES wives DEFERRABLE;
