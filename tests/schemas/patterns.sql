-- Regular expressions and other patterns.
CREATE TABLE things (
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(?:-[a-z0-9]+)*$'),
    color text NOT NULL CHECK (color ~* '^#[0-9a-f]{6}$'),
    phone text CHECK (phone ~ '^\+[1-9]\d{6,14}$'),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    email text NOT NULL CHECK (email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'),
    url text CHECK (url ~ '^https?://'),
    sku text NOT NULL UNIQUE CHECK (sku ~ '^[A-Z]{2}-\d{4}$'),
    zip text CHECK (zip ~ '^\d{5}(-\d{4})?$'),
    version text NOT NULL CHECK (version ~ '^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$'),
    handle text NOT NULL CHECK (handle LIKE '@%' AND length(handle) > 3),
    not_spaced text NOT NULL CHECK (not_spaced !~ '\s'),
    not_like text NOT NULL CHECK (not_like NOT LIKE '%x%'),
    similar_to text NOT NULL CHECK (similar_to SIMILAR TO '(ab|cd)+[0-9]{2}'),
    hex char(8) NOT NULL CHECK (hex ~ '^[[:xdigit:]]+$'),
    hour text NOT NULL CHECK (hour ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    word text NOT NULL CHECK (word ~ '^\w{3,10}$')
);
CREATE TABLE only_these (
    digits text NOT NULL CHECK (regexp_replace(digits, '[^0-9]', '', 'g') = digits AND length(digits) IN (8, 13)),
    letters text NOT NULL CHECK (letters !~ '[^a-z]' AND length(letters) >= 5),
    beginning text NOT NULL CHECK (beginning ~ '^usr_' AND length(beginning) = 20)
);
