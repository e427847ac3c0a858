-- Documents of a shape.
CREATE TABLE documents (
    settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
    tags jsonb NOT NULL CHECK (jsonb_typeof(tags) = 'array'),
    size json CHECK (json_typeof(size) = 'number'),
    named jsonb NOT NULL CHECK (named ? 'name' AND jsonb_typeof(named -> 'name') = 'string'),
    versioned jsonb NOT NULL CHECK ((versioned ->> 'version')::int > 0),
    short jsonb CHECK (jsonb_array_length(short) <= 3 AND jsonb_typeof(short) = 'array'),
    anything jsonb,
    text_of json NOT NULL
);
