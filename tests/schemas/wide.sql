-- A table with very many columns.
DO $$ DECLARE columns text; BEGIN
    SELECT string_agg(format('c%s %s %s', i, (ARRAY['int', 'text', 'date', 'boolean', 'numeric(6, 2)', 'uuid', 'jsonb'])[i % 7 + 1],
        CASE i % 3 WHEN 0 THEN 'NOT NULL' ELSE '' END), ', ') INTO columns FROM generate_series(1, 300) AS i;
    EXECUTE format('CREATE TABLE wide (id serial PRIMARY KEY, %s)', columns);
END $$;
