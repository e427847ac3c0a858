-- Composite references of which one column is NULL, and another one is not: it references nothing, and has a value.
CREATE TABLE regions (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE shops (region bigint NOT NULL, code uuid NOT NULL, PRIMARY KEY (region, code));
CREATE TABLE visits (
    id serial PRIMARY KEY,
    region bigint REFERENCES regions,
    other_region bigint REFERENCES regions,
    shop uuid NOT NULL,
    FOREIGN KEY (region, shop) REFERENCES shops
);
CREATE TABLE parts (
    code uuid NOT NULL,
    version int NOT NULL,
    of_code uuid NOT NULL,
    of_version int,
    PRIMARY KEY (code, version),
    FOREIGN KEY (of_code, of_version) REFERENCES parts
);
