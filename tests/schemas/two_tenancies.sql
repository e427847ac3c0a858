-- The shared column in the middle of three references, of which none has it as its first.
CREATE TABLE organizations (id serial PRIMARY KEY);
CREATE TABLE regions (code text PRIMARY KEY CHECK (code ~ '^[a-z]{2}-[a-z]+-[1-9]$'));
CREATE TABLE clusters (
    name text NOT NULL,
    organization_id int NOT NULL REFERENCES organizations,
    region text NOT NULL REFERENCES regions,
    PRIMARY KEY (name, organization_id),
    UNIQUE (region, organization_id, name)
);
CREATE TABLE volumes (
    number int NOT NULL,
    region text NOT NULL REFERENCES regions,
    organization_id int NOT NULL REFERENCES organizations,
    PRIMARY KEY (organization_id, number),
    UNIQUE (region, number, organization_id)
);
CREATE TABLE attachments (
    region text NOT NULL,
    organization_id int NOT NULL,
    cluster text NOT NULL,
    volume int NOT NULL,
    FOREIGN KEY (region, organization_id, cluster) REFERENCES clusters (region, organization_id, name),
    FOREIGN KEY (region, volume, organization_id) REFERENCES volumes (region, number, organization_id)
);
