-- Columns that have to come to a sum together, and columns that have to lie between others.
CREATE TABLE shares (
    id serial PRIMARY KEY,
    stocks int NOT NULL CHECK (stocks >= 0),
    bonds int NOT NULL CHECK (bonds >= 0),
    cash int NOT NULL CHECK (cash >= 0),
    CHECK (stocks + bonds + cash = 100)
);
CREATE TABLE odds (
    home numeric(3, 2) NOT NULL CHECK (home BETWEEN 0 AND 1),
    draw numeric(3, 2) NOT NULL CHECK (draw BETWEEN 0 AND 1),
    away numeric(3, 2) CHECK (away BETWEEN 0 AND 1),
    CHECK (home + draw + coalesce(away, 0) = 1.0 AND home IS NOT NULL)
);
CREATE TABLE halves (yes bigint NOT NULL CHECK (yes >= 0), no bigint NOT NULL CHECK (no >= 0), CHECK (200 = yes + no));
CREATE TABLE bands (
    low numeric(6, 2) NOT NULL,
    high numeric(6, 2) NOT NULL,
    middle numeric(6, 2) NOT NULL,
    CHECK (low < middle AND middle < high)
);
CREATE TABLE stages (
    opened date NOT NULL,
    closed date NOT NULL,
    judged date NOT NULL,
    CONSTRAINT in_between CHECK (opened <= judged AND judged < closed)
);
