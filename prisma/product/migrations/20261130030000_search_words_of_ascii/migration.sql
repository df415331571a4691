-- Cuts texts of ASCII alone, which most are, without the long classes of characters: it takes a quarter of the time, and
-- each product that is written needs it four times. The words are the same: a test compares both ways.
CREATE OR REPLACE FUNCTION "search_words"("text" TEXT) RETURNS TEXT[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    words TEXT;
BEGIN
    IF octet_length("text") = length("text") THEN
        words := regexp_replace(lower(replace("text", '''', '') COLLATE "C"), '[^a-z0-9]+', ' ', 'g');
        RETURN array(SELECT left(word, 100) FROM string_to_table(words, ' ') AS word WHERE word <> '');
    END IF;
    words := regexp_replace(search_fold("text") COLLATE "C", search_separators(), ' ', 'g');
    IF words ~ '[^\u0001-\u0dff]' THEN
        words := regexp_replace(words, search_unspaced(), ' \1 ', 'g');
    END IF;
    RETURN array(SELECT left(word, 100) FROM string_to_table(words, ' ') AS word WHERE word <> '');
END $$;

-- The same lexemes as before, by loops where all texts are ASCII: there, no word is of a script without spaces. A query
-- over so many small functions was planned anew for each product, which took three quarters of the time.
CREATE OR REPLACE FUNCTION "product_search_words"("name" TEXT, "sku" TEXT, "description" TEXT) RETURNS TSVECTOR
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    joined TEXT := array_to_string(search_words("sku"), '');
BEGIN
    IF octet_length("name") = length("name") AND octet_length("sku") = length("sku")
       AND octet_length("description") = length("description") THEN
        -- A block of its own: the query below has columns of these names.
        DECLARE
            lexemes TEXT := '';
            word TEXT;
            stem TEXT;
            at INT := 0;
        BEGIN
            FOREACH word IN ARRAY search_words("name") LOOP
                at := least(at + 1, 16383);
                stem := (ts_lexize('pg_catalog.english_stem', word))[1];
                lexemes := lexemes || '''' || word || ''':' || at || 'A '
                    || CASE WHEN stem <> '' AND stem <> word THEN '''' || stem || ''':' || at || 'A ' ELSE '' END;
            END LOOP;
            at := 0;
            FOREACH word IN ARRAY search_words("sku") LOOP
                at := least(at + 1, 16383);
                stem := (ts_lexize('pg_catalog.english_stem', word))[1];
                lexemes := lexemes || '''' || word || ''':' || at || 'B '
                    || CASE WHEN stem <> '' AND stem <> word THEN '''' || stem || ''':' || at || 'B ' ELSE '' END;
            END LOOP;
            at := 0;
            FOREACH word IN ARRAY search_words("description") LOOP
                at := least(at + 1, 16383);
                stem := (ts_lexize('pg_catalog.english_stem', word))[1];
                IF stem <> '' THEN
                    lexemes := lexemes || '''' || stem || ''':' || at || 'C ';
                END IF;
            END LOOP;
            FOR start_at IN 1 .. length(joined) - 2 LOOP
                lexemes := lexemes || '''#' || substr(joined, start_at, 3) || ''':' || least(start_at, 16383) || 'B ';
            END LOOP;
            RETURN lexemes::tsvector;
        END;
    END IF;
    RETURN (
        WITH words AS MATERIALIZED (
            SELECT word, at, weight, is_unspaced(word) AS unspaced
              FROM (SELECT word, at, 'A' AS weight FROM unnest(search_words("name")) WITH ORDINALITY AS w(word, at)
                    UNION ALL
                    SELECT word, at, 'B' FROM unnest(search_words("sku")) WITH ORDINALITY AS w(word, at)
                    UNION ALL
                    SELECT word, at, 'C' FROM unnest(search_words("description")) WITH ORDINALITY AS w(word, at)) AS every
        ), lexemes AS (
            SELECT word AS lexeme, at, weight FROM words WHERE weight <> 'C' AND NOT unspaced
            UNION ALL
            SELECT (ts_lexize('pg_catalog.english_stem', word))[1], at, weight FROM words WHERE NOT unspaced
            UNION ALL
            SELECT substr(word, start_at, 2), at, weight
              FROM words, generate_series(1, length(word)) AS start_at WHERE unspaced
            UNION ALL
            SELECT '#' || substr(joined, start_at, 3), start_at, 'B' FROM generate_series(1, length(joined) - 2) AS start_at
        )
        SELECT coalesce(string_agg('''' || lexeme || ''':' || least(at, 16383) || weight, ' '), '')::tsvector
          FROM lexemes WHERE lexeme <> '');
END $$;

-- Each word is looked at once, and not once for each product that has it.
CREATE OR REPLACE FUNCTION "learn_product_words"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH words AS MATERIALIZED (
        SELECT DISTINCT word FROM changed, unnest(search_words(changed.name || ' ' || changed.description)) AS word
    )
    INSERT INTO product_words (word)
    SELECT word FROM words WHERE word ~ '^[^0-9]{3,40}$' AND NOT is_unspaced(word) ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION "learn_changed_words"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH words AS MATERIALIZED (
        SELECT DISTINCT word
          FROM changed JOIN former USING (id), unnest(search_words(changed.name || ' ' || changed.description)) AS word
         WHERE (changed.name, changed.description) IS DISTINCT FROM (former.name, former.description)
    )
    INSERT INTO product_words (word)
    SELECT word FROM words WHERE word ~ '^[^0-9]{3,40}$' AND NOT is_unspaced(word) ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
