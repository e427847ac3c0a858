-- Names that need quotes.
CREATE TABLE "order" (id serial PRIMARY KEY, "group" text NOT NULL);
CREATE TABLE "My Table" (
    "Id" int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "a%b" text UNIQUE, "naïve" int NOT NULL, "order" int NOT NULL REFERENCES "order",
    "x""y" varchar(3) NOT NULL CHECK (length("x""y") = 3), "CHECK" text NOT NULL CHECK ("CHECK" IN ('it''s', 'a"b', '%s', ''))
);
CREATE TABLE "a.b" ("a.b" text PRIMARY KEY, "My Col" int NOT NULL REFERENCES "My Table", UNIQUE ("My Col", "a.b"));
CREATE TABLE "select" ("from" int NOT NULL, "where" int NOT NULL, CHECK ("from" < "where"), UNIQUE ("from", "where"));
CREATE TABLE "{}" ("{0}" serial PRIMARY KEY, ":x" int NOT NULL CHECK (":x" > 3), "%(y)s" int REFERENCES "{}", "$1" int NOT NULL);
