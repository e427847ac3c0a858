-- Stands in for pgmq: queues are tables, and what is read is hidden for a while.
CREATE SCHEMA IF NOT EXISTS pgmq;
CREATE TABLE IF NOT EXISTS pgmq.meta (
    queue_name varchar PRIMARY KEY,
    is_partitioned boolean NOT NULL DEFAULT false,
    is_unlogged boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
DO $types$
BEGIN
    CREATE TYPE pgmq.message_record AS (
        msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb, headers jsonb
    );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$types$;

CREATE OR REPLACE FUNCTION pgmq.create(queue_name text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    columns CONSTANT text := 'read_ct integer NOT NULL DEFAULT 0, enqueued_at timestamptz NOT NULL DEFAULT now(), '
        'vt timestamptz NOT NULL, message jsonb, headers jsonb';
BEGIN
    IF length(queue_name) > 47 THEN
        RAISE EXCEPTION 'queue name is too long, maximum length is 47 characters';
    END IF;
    INSERT INTO pgmq.meta (queue_name) VALUES ($1) ON CONFLICT DO NOTHING;
    EXECUTE format(
        'CREATE TABLE IF NOT EXISTS pgmq.%I (msg_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, %s)',
        'q_' || lower(queue_name), columns);
    EXECUTE format(
        'CREATE TABLE IF NOT EXISTS pgmq.%I (msg_id bigint PRIMARY KEY, %s, archived_at timestamptz NOT NULL DEFAULT now())',
        'a_' || lower(queue_name), columns);
END
$$;
CREATE OR REPLACE FUNCTION pgmq.create_non_partitioned(queue_name text) RETURNS void
LANGUAGE sql AS $$ SELECT pgmq.create(queue_name) $$;
CREATE OR REPLACE FUNCTION pgmq.create_unlogged(queue_name text) RETURNS void
LANGUAGE sql AS $$ SELECT pgmq.create(queue_name) $$;
CREATE OR REPLACE FUNCTION pgmq.drop_queue(queue_name text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS pgmq.%I, pgmq.%I', 'q_' || lower(queue_name), 'a_' || lower(queue_name));
    DELETE FROM pgmq.meta m WHERE m.queue_name = $1;
    RETURN FOUND;
END
$$;

CREATE OR REPLACE FUNCTION pgmq.format_table_name(queue_name text, prefix text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT lower(prefix || '_' || queue_name) $$;
CREATE OR REPLACE FUNCTION pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay integer DEFAULT 0)
RETURNS SETOF bigint
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'INSERT INTO pgmq.%I (vt, message, headers) SELECT clock_timestamp() + make_interval(secs => $3), m, h '
        'FROM unnest($1, $2) AS of_message (m, h) RETURNING msg_id', 'q_' || lower(queue_name))
        USING msgs, headers, delay;
END
$$;
CREATE OR REPLACE FUNCTION pgmq.send_batch(queue_name text, msgs jsonb[], delay integer DEFAULT 0) RETURNS SETOF bigint
LANGUAGE sql AS $$ SELECT * FROM pgmq.send_batch(queue_name, msgs, NULL::jsonb[], delay) $$;
CREATE OR REPLACE FUNCTION pgmq.send(queue_name text, msg jsonb, headers jsonb, delay integer DEFAULT 0)
RETURNS SETOF bigint
LANGUAGE sql AS $$ SELECT * FROM pgmq.send_batch(queue_name, ARRAY[msg], ARRAY[headers], delay) $$;
CREATE OR REPLACE FUNCTION pgmq.send(queue_name text, msg jsonb, delay integer DEFAULT 0) RETURNS SETOF bigint
LANGUAGE sql AS $$ SELECT * FROM pgmq.send_batch(queue_name, ARRAY[msg], delay) $$;

CREATE OR REPLACE FUNCTION pgmq.read(queue_name text, vt integer, qty integer) RETURNS SETOF pgmq.message_record
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'UPDATE pgmq.%1$I q SET vt = clock_timestamp() + make_interval(secs => $1), read_ct = read_ct + 1 '
        'WHERE msg_id IN (SELECT msg_id FROM pgmq.%1$I WHERE vt <= clock_timestamp() ORDER BY msg_id LIMIT $2 '
        'FOR UPDATE SKIP LOCKED) RETURNING msg_id, read_ct, enqueued_at, q.vt, message, headers',
        'q_' || lower(queue_name)) USING vt, qty;
END
$$;
CREATE OR REPLACE FUNCTION pgmq.pop(queue_name text) RETURNS SETOF pgmq.message_record
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'DELETE FROM pgmq.%1$I WHERE msg_id = (SELECT msg_id FROM pgmq.%1$I WHERE vt <= clock_timestamp() '
        'ORDER BY msg_id LIMIT 1 FOR UPDATE SKIP LOCKED) '
        'RETURNING msg_id, read_ct, enqueued_at, vt, message, headers', 'q_' || lower(queue_name));
END
$$;
CREATE OR REPLACE FUNCTION pgmq.delete(queue_name text, msg_id bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    deleted bigint;
BEGIN
    EXECUTE format('DELETE FROM pgmq.%I WHERE msg_id = $1 RETURNING msg_id', 'q_' || lower(queue_name))
        INTO deleted USING msg_id;
    RETURN deleted IS NOT NULL;
END
$$;
CREATE OR REPLACE FUNCTION pgmq.archive(queue_name text, msg_id bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    archived bigint;
BEGIN
    EXECUTE format(
        'WITH gone AS (DELETE FROM pgmq.%I WHERE msg_id = $1 RETURNING *) INSERT INTO pgmq.%I '
        '(msg_id, read_ct, enqueued_at, vt, message, headers) '
        'SELECT msg_id, read_ct, enqueued_at, vt, message, headers FROM gone RETURNING msg_id',
        'q_' || lower(queue_name), 'a_' || lower(queue_name)) INTO archived USING msg_id;
    RETURN archived IS NOT NULL;
END
$$;
CREATE OR REPLACE FUNCTION pgmq.purge_queue(queue_name text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    purged bigint;
BEGIN
    EXECUTE format('DELETE FROM pgmq.%I', 'q_' || lower(queue_name));
    GET DIAGNOSTICS purged = ROW_COUNT;
    RETURN purged;
END
$$;
CREATE OR REPLACE FUNCTION pgmq.set_vt(queue_name text, msg_id bigint, vt integer) RETURNS SETOF pgmq.message_record
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'UPDATE pgmq.%I q SET vt = clock_timestamp() + make_interval(secs => $2) WHERE msg_id = $1 '
        'RETURNING msg_id, read_ct, enqueued_at, q.vt, message, headers', 'q_' || lower(queue_name)) USING msg_id, vt;
END
$$;
-- Waits for nothing: in a test nobody else sends what it would wait for.
CREATE OR REPLACE FUNCTION pgmq.read_with_poll(
    queue_name text, vt integer, qty integer, max_poll_seconds integer DEFAULT 5, poll_interval_ms integer DEFAULT 100
) RETURNS SETOF pgmq.message_record
LANGUAGE sql AS $$ SELECT * FROM pgmq.read(queue_name, vt, qty) $$;
CREATE OR REPLACE FUNCTION pgmq.delete(queue_name text, msg_ids bigint[]) RETURNS SETOF bigint
LANGUAGE sql AS $$ SELECT m FROM unnest(msg_ids) AS m WHERE pgmq.delete(queue_name, m) $$;
CREATE OR REPLACE FUNCTION pgmq.archive(queue_name text, msg_ids bigint[]) RETURNS SETOF bigint
LANGUAGE sql AS $$ SELECT m FROM unnest(msg_ids) AS m WHERE pgmq.archive(queue_name, m) $$;
CREATE OR REPLACE FUNCTION pgmq.list_queues(
    OUT queue_name varchar, OUT is_partitioned boolean, OUT is_unlogged boolean, OUT created_at timestamptz
) RETURNS SETOF record
LANGUAGE sql AS $$ SELECT m.queue_name, m.is_partitioned, m.is_unlogged, m.created_at FROM pgmq.meta m $$;
