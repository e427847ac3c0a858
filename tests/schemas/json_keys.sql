-- Documents in keys and references.
CREATE TABLE windows (account int NOT NULL, span jsonb NOT NULL, tags int[] NOT NULL, UNIQUE (account, span, tags));
CREATE TABLE balances (
    account int NOT NULL,
    span jsonb NOT NULL,
    tags int[] NOT NULL,
    version int NOT NULL,
    UNIQUE (account, span, version),
    FOREIGN KEY (account, span, tags) REFERENCES windows (account, span, tags)
);
