-- Limits of intervals: with months, which are 30 days when they are compared, and of columns that keep some fields only.
CREATE DOMAIN lease AS interval CHECK (VALUE >= '1 day' AND VALUE <= '30 days');
CREATE TABLE rentals (
    id serial PRIMARY KEY,
    lasts interval NOT NULL CHECK (lasts > '1 day' AND lasts < '2 days'),
    notice interval NOT NULL CHECK (notice >= '1 mon'::interval AND notice <= '1 year'),
    warranty interval NOT NULL CHECK (warranty >= '1 year 2 mons 3 days 04:05:06.5'),
    opens interval NOT NULL CHECK (opens BETWEEN '15 minutes' AND '8 hours'),
    pause interval NOT NULL CHECK (EXTRACT(epoch FROM pause) > 86400),
    late interval NOT NULL CHECK (late < '-1 day'),
    moment interval NOT NULL UNIQUE CHECK (moment > '1 second' AND moment < '1.5 seconds'),
    kind interval NOT NULL DEFAULT '7 days' CHECK (kind IN ('7 days', '14 days', '1 mon')),
    lease lease NOT NULL,
    leases lease[] NOT NULL,
    CHECK (justify_hours(pause) = pause)
);
CREATE TABLE terms (
    years interval year NOT NULL CHECK (years > '3 years' AND years < '20 years'),
    term interval year to month NOT NULL CHECK (term >= '10 years' AND term < '11 years'),
    shift interval day to minute NOT NULL CHECK (shift >= '10 days' AND shift < '12 days'),
    hours interval hour NOT NULL CHECK (hours >= '30:00' AND hours < '90:00')
);
