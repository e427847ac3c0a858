-- Keys whose sequences only a name ties to them: the application draws from them, as Hibernate does.
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
CREATE SEQUENCE orders_seq INCREMENT BY 50;
CREATE TABLE clients (client_id int PRIMARY KEY, name text NOT NULL);
CREATE SEQUENCE clients_client_id_seq START 10;
CREATE TABLE details (order_id bigint PRIMARY KEY REFERENCES orders, note text);
CREATE SEQUENCE details_seq;
CREATE TABLE plain (id int PRIMARY KEY, code text UNIQUE);
