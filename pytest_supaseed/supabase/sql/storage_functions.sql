-- What policies, migrations and the API call in Storage.

-- The folders of an object's path, without its file's name.
CREATE FUNCTION storage.foldername(name text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    parts text[] := string_to_array(name, '/');
BEGIN
    RETURN parts[1 : cardinality(parts) - 1];
END
$$;

CREATE FUNCTION storage.filename(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    parts text[] := string_to_array(name, '/');
BEGIN
    RETURN parts[cardinality(parts)];
END
$$;

CREATE FUNCTION storage.extension(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    -- What follows the last dot; all of the name, where there is none.
    RETURN reverse(split_part(reverse(storage.filename(name)), '.', 1));
END
$$;

-- What the API is doing, for policies that allow one thing and not another.
CREATE FUNCTION storage.operation() RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN current_setting('storage.operation', true);
END
$$;

CREATE FUNCTION storage.allow_any_operation(expected_operations text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM unnest(expected_operations) AS expected
        WHERE expected <> ''
          AND regexp_replace(expected, '^storage\.', '') = regexp_replace(storage.operation(), '^storage\.', ''))
$$;

CREATE FUNCTION storage.allow_only_operation(expected_operation text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT storage.allow_any_operation(ARRAY[expected_operation])
$$;

CREATE FUNCTION storage.get_size_by_bucket() RETURNS TABLE (size bigint, bucket_id text)
LANGUAGE sql STABLE AS $$
    SELECT sum((o.metadata ->> 'size')::bigint)::bigint, o.bucket_id FROM storage.objects o GROUP BY o.bucket_id
$$;

-- Whether a policy would let an object in: it is inserted, and the transaction is given up.
CREATE FUNCTION storage.can_insert_object(bucketid text, name text, owner uuid, metadata jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO storage.objects (bucket_id, name, owner, metadata) VALUES (bucketid, name, owner, metadata);
    RAISE SQLSTATE 'PT200' USING MESSAGE = 'ROLLBACK', DETAIL = 'rollback successful insert';
END
$$;

-- The objects and folders of one level below a prefix, the folders first.
CREATE FUNCTION storage.search(
    prefix text, bucketname text, limits integer DEFAULT 100, levels integer DEFAULT 1, offsets integer DEFAULT 0,
    search text DEFAULT '', sortcolumn text DEFAULT 'name', sortorder text DEFAULT 'asc'
) RETURNS TABLE (
    name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz, metadata jsonb
)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        $query$
        WITH found AS (
            SELECT o.path_tokens[$1] AS part, cardinality(o.path_tokens) = $1 AS file, o.*
            FROM storage.objects o
            WHERE o.bucket_id = $2 AND o.name ILIKE $3 || '%%' AND cardinality(o.path_tokens) >= $1
        )
        SELECT * FROM (
            SELECT DISTINCT part AS name, NULL::uuid AS id, NULL::timestamptz AS updated_at,
                NULL::timestamptz AS created_at, NULL::timestamptz AS last_accessed_at, NULL::jsonb AS metadata
            FROM found WHERE NOT file
            UNION ALL
            SELECT part, f.id, f.updated_at, f.created_at, f.last_accessed_at, f.metadata FROM found f WHERE file
        ) AS listed
        ORDER BY (id IS NULL) DESC, %I %s, name
        LIMIT $4 OFFSET $5
        $query$,
        CASE WHEN sortcolumn IN ('name', 'updated_at', 'created_at', 'last_accessed_at') THEN sortcolumn ELSE 'name' END,
        CASE WHEN lower(sortorder) = 'desc' THEN 'DESC' ELSE 'ASC' END
    ) USING levels, bucketname, coalesce(prefix, '') || coalesce(search, ''), least(limits, 1500), offsets;
END
$$;

CREATE FUNCTION storage.update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    new.updated_at := now();
    RETURN new;
END
$$;
CREATE TRIGGER update_objects_updated_at BEFORE UPDATE ON storage.objects
    FOR EACH ROW EXECUTE FUNCTION storage.update_updated_at_column();

CREATE FUNCTION storage.enforce_bucket_name_length() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF length(new.name) > 100 THEN
        RAISE EXCEPTION 'bucket name "%" is too long (% characters). Max is 100.', new.name, length(new.name);
    END IF;
    RETURN new;
END
$$;
CREATE TRIGGER enforce_bucket_name_length_trigger BEFORE INSERT OR UPDATE OF name ON storage.buckets
    FOR EACH ROW EXECUTE FUNCTION storage.enforce_bucket_name_length();

-- Rows that are deleted here would leave their files behind.
CREATE FUNCTION storage.protect_delete() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('storage.allow_delete_query', true), 'false') <> 'true' THEN
        RAISE insufficient_privilege USING
            MESSAGE = 'Direct deletion from storage tables is not allowed. Use the Storage API instead.',
            HINT = 'This prevents accidental data loss from orphaned objects.';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER protect_objects_delete BEFORE DELETE ON storage.objects
    FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();
CREATE TRIGGER protect_buckets_delete BEFORE DELETE ON storage.buckets
    FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();
