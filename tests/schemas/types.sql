-- Every built-in type.
CREATE TABLE everything (
    small smallint NOT NULL, whole int NOT NULL, big bigint NOT NULL, amount numeric NOT NULL, price money NOT NULL,
    single real NOT NULL, double double precision NOT NULL, flag boolean NOT NULL,
    letters text NOT NULL, named varchar(5) NOT NULL, fixed char(3) NOT NULL, internal "char" NOT NULL, identifier name NOT NULL,
    bytes bytea NOT NULL, day date NOT NULL, hour time NOT NULL, hour_there timetz NOT NULL,
    moment timestamp NOT NULL, moment_there timestamptz NOT NULL, precise timestamp(0) NOT NULL, lasting interval NOT NULL,
    days interval day to second NOT NULL, key uuid NOT NULL, host inet NOT NULL, network cidr NOT NULL, mac macaddr NOT NULL, mac8 macaddr8 NOT NULL,
    bits bit(5) NOT NULL, some_bits bit varying(7) NOT NULL, one_bit bit NOT NULL,
    document json NOT NULL, binary_document jsonb NOT NULL, path jsonpath NOT NULL,
    words tsvector NOT NULL, query tsquery NOT NULL, markup xml,
    p point NOT NULL, l line NOT NULL, s lseg NOT NULL, b box NOT NULL, open_path path NOT NULL, area polygon NOT NULL, c circle NOT NULL,
    object oid NOT NULL, relation regclass, kind regtype, lsn pg_lsn NOT NULL, snapshot pg_snapshot
);
CREATE TABLE keyed (host inet PRIMARY KEY, mac macaddr NOT NULL UNIQUE, bits bit(6) NOT NULL UNIQUE, day date NOT NULL UNIQUE,
    amount money NOT NULL UNIQUE, hour time NOT NULL UNIQUE, bytes bytea NOT NULL UNIQUE, lasting interval NOT NULL UNIQUE,
    network cidr NOT NULL UNIQUE, flagged int4range NOT NULL UNIQUE);
