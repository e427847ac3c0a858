-- The entrance of the GraphQL API, which calls pg_graphql or what stands in for it.
CREATE FUNCTION graphql_public.graphql(
    "operationName" text DEFAULT NULL, query text DEFAULT NULL, variables jsonb DEFAULT NULL,
    extensions jsonb DEFAULT NULL
) RETURNS jsonb
LANGUAGE sql AS $$
    SELECT graphql.resolve(
        query := query, variables := coalesce(variables, '{}'), "operationName" := "operationName",
        extensions := extensions)
$$;
