-- The new identities, which have their own id for a provider's, get what their users have: the first of a user that of
-- his address, others one of another provider each.
WITH numbered AS (
    SELECT i.id, u.id AS user_id, u.email, u.raw_user_meta_data AS data, i.provider <> 'email' AS given,
        row_number() OVER (PARTITION BY i.user_id, i.provider ORDER BY i.created_at, i.id) + EXISTS (
            SELECT FROM auth.identities o
            WHERE o.user_id = i.user_id AND o.provider = 'email' AND o.provider_id <> o.id::text)::integer AS number
    FROM auth.identities i JOIN auth.users u ON u.id = i.user_id
    WHERE i.provider_id = i.id::text
), chosen AS (
    SELECT n.*, NOT given AND number = 1 AS first,
        (ARRAY['google', 'github', 'apple', 'azure', 'facebook', 'gitlab', 'discord', 'slack', 'twitter'])
            [(number + 7) % 9 + 1] AS other,
        ('x' || substr(md5(n.id::text), 1, 15))::bit(60)::bigint::text AS elsewhere
    FROM numbered n
)
UPDATE auth.identities i SET
    provider = CASE WHEN given THEN i.provider WHEN first THEN 'email' ELSE other END,
    provider_id = CASE WHEN first THEN c.user_id::text ELSE elsewhere END,
    identity_data = jsonb_strip_nulls(jsonb_build_object(
        'sub', CASE WHEN first THEN c.user_id::text ELSE elsewhere END,
        'email', c.email, 'email_verified', true, 'phone_verified', false,
        'name', CASE WHEN NOT first THEN data ->> 'name' END,
        'avatar_url', CASE WHEN NOT first THEN data ->> 'avatar_url' END)) || i.identity_data
FROM chosen c
WHERE c.id = i.id;

-- What users have besides their address is in their metadata, too.
UPDATE auth.users u SET raw_app_meta_data = jsonb_set(u.raw_app_meta_data, '{providers}', to_jsonb(p.providers))
FROM (
    SELECT user_id, array_agg(provider ORDER BY provider <> 'email', provider) AS providers
    FROM auth.identities GROUP BY user_id
) AS p
WHERE p.user_id = u.id AND u.raw_app_meta_data = '{"provider": "email", "providers": ["email"]}'
  AND cardinality(p.providers) > 1;
