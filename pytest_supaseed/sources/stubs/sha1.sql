-- SHA-1, which PostgreSQL has in extensions only.
CREATE OR REPLACE FUNCTION @extschema@.supaseed_sha1(data bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    mask CONSTANT bigint := x'ffffffff'::bigint;
    padded bytea := data || '\x80' || decode(repeat('00', (119 - length(data) % 64) % 64), 'hex')
        || int8send(length(data)::bigint * 8);
    h bigint[] := ARRAY[x'67452301'::bigint, x'efcdab89'::bigint, x'98badcfe'::bigint, x'10325476'::bigint,
                        x'c3d2e1f0'::bigint];
    w bigint[];
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; x bigint;
BEGIN
    FOR block IN 0 .. length(padded) / 64 - 1 LOOP
        FOR i IN 1 .. 16 LOOP
            w[i] := ('x' || encode(substring(padded FROM block * 64 + i * 4 - 3 FOR 4), 'hex'))::bit(32)::bigint;
        END LOOP;
        FOR i IN 17 .. 80 LOOP
            x := w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16];
            w[i] := (x << 1 & mask) | (x >> 31);
        END LOOP;
        a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
        FOR i IN 1 .. 80 LOOP
            IF i <= 20 THEN
                f := (b & c) | ((mask # b) & d); k := x'5a827999'::bigint;
            ELSIF i <= 40 THEN
                f := b # c # d; k := x'6ed9eba1'::bigint;
            ELSIF i <= 60 THEN
                f := (b & c) | (b & d) | (c & d); k := x'8f1bbcdc'::bigint;
            ELSE
                f := b # c # d; k := x'ca62c1d6'::bigint;
            END IF;
            x := (((a << 5 & mask) | (a >> 27)) + f + e + k + w[i]) & mask;
            e := d; d := c; c := (b << 30 & mask) | (b >> 2); b := a; a := x;
        END LOOP;
        h := ARRAY[h[1] + a & mask, h[2] + b & mask, h[3] + c & mask, h[4] + d & mask, h[5] + e & mask];
    END LOOP;
    RETURN decode(lpad(to_hex(h[1]), 8, '0') || lpad(to_hex(h[2]), 8, '0') || lpad(to_hex(h[3]), 8, '0')
        || lpad(to_hex(h[4]), 8, '0') || lpad(to_hex(h[5]), 8, '0'), 'hex');
END
$$;
