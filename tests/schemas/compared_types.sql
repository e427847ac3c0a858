-- Columns that CHECKs compare have types of different ranges, listed values, or contradict one another.
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE below_smallint (n positive NOT NULL, small smallint, CHECK (small > 3), CHECK (n < small));
CREATE TABLE below_listed (n int NOT NULL, listed int, CHECK (listed IN (1, 2, 3, 5, 8)), CHECK (n < listed));
CREATE TABLE after_listed (
    starts date NOT NULL,
    ends date NOT NULL,
    CHECK (ends IN ('2020-01-01', '2020-02-01')),
    CHECK (starts > ends)
);
CREATE TABLE below_short (n bigint NOT NULL, short numeric(3, 1) NOT NULL, CHECK (n > 90), CHECK (n < short));
CREATE TABLE equal_to_whole (price numeric(8, 2) NOT NULL, total int NOT NULL, CHECK (total = price));
CREATE TABLE never_both (born date, starts date, CHECK (born > starts), CHECK (born <= starts));
