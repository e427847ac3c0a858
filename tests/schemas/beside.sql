-- Columns that follow from the rows beside theirs, and copies by their meaning.
CREATE TABLE holders (
    id serial PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, fee_percent numeric(5,2) NOT NULL
);
CREATE TABLE holder_addresses (
    id serial PRIMARY KEY, holder_id int NOT NULL REFERENCES holders, street text NOT NULL, city text NOT NULL,
    is_primary boolean NOT NULL DEFAULT false, position int NOT NULL
);
CREATE TABLE wallets (
    id serial PRIMARY KEY, holder_id int NOT NULL REFERENCES holders, balance numeric(12,2) NOT NULL DEFAULT 0
);
CREATE TABLE wallet_entries (
    id serial PRIMARY KEY, wallet_id int NOT NULL REFERENCES wallets, kind text NOT NULL
        CHECK (kind IN ('deposit', 'withdrawal')),
    amount numeric(10,2) NOT NULL CHECK (amount > 0), balance_before numeric(12,2) NOT NULL,
    balance_after numeric(12,2) NOT NULL, booked_at timestamptz NOT NULL
);
CREATE TABLE statements (
    id serial PRIMARY KEY, holder_id int NOT NULL REFERENCES holders, address_id int NOT NULL REFERENCES holder_addresses,
    author_first_name text NOT NULL, delivery_city text NOT NULL, subtotal numeric(12,2) NOT NULL,
    fee_percent numeric(5,2) NOT NULL, service_fee numeric(12,2) NOT NULL, total numeric(12,2) NOT NULL
);
