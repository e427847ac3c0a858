-- A key that references itself in another order has its values from nowhere: that is said, and given ones are taken.
CREATE TABLE swapped (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b), FOREIGN KEY (b, a) REFERENCES swapped (a, b));
CREATE TABLE swapped_beside (
    a varchar(8) NOT NULL,
    b varchar(8) NOT NULL,
    above varchar(8),
    PRIMARY KEY (a, b),
    FOREIGN KEY (a, above) REFERENCES swapped_beside (a, b),
    FOREIGN KEY (b, a) REFERENCES swapped_beside (a, b)
);
