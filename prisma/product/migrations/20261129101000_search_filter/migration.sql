-- Matches the same products as `search_query`, with fewer alternatives: the index on words evaluates each of them for
-- each match. `search_query` still ranks, since the rank depends on the form of a query.
-- Most words are their own stem, and then both alternatives are one. A single incomplete word that begins with its stem
-- is included in the incomplete stem. When one of several words has another stem, only that word has two alternatives.
CREATE FUNCTION "search_filter"("terms" TEXT[]) RETURNS TSQUERY LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    many INT := cardinality("terms");
    joined TEXT := array_to_string("terms", '');
    term TEXT;
    word TEXT;
    stem TEXT;
    prefix TEXT;
    parts TEXT;
    plain TEXT;
    stemmed TEXT;
    stems TEXT;
    all_plain TEXT := '';
    all_stemmed TEXT := '';
    every TEXT := '';
    place INT := 0;
    different INT := 0;
    has_stop_word BOOLEAN := false;
    found TEXT;
BEGIN
    FOREACH term IN ARRAY "terms" LOOP
        place := place + 1;
        plain := '';
        stemmed := '';
        stems := '';
        FOREACH word IN ARRAY string_to_array(term, ' ') LOOP
            parts := '';
            IF is_unspaced(word) THEN
                FOR start_at IN 1 .. greatest(length(word) - 1, 1) LOOP
                    parts := parts || ' & ''' || substr(word, start_at, 2) || CASE length(word) WHEN 1 THEN ''':*' ELSE '''' END;
                END LOOP;
                plain := plain || ' | (' || substr(parts, 4) || ')';
                stemmed := stemmed || ' | (' || substr(parts, 4) || ')';
            ELSE
                prefix := CASE WHEN place = many AND length(word) >= 2 THEN ''':*' ELSE '''' END;
                FOR start_at IN 1 .. length(word) - 2 LOOP
                    parts := parts || ' & ''#' || substr(word, start_at, 3) || '''';
                END LOOP;
                IF parts <> '' THEN
                    parts := ' | (' || substr(parts, 4) || ')';
                END IF;
                stem := (ts_lexize('pg_catalog.english_stem', word))[1];
                IF stem <> '' THEN
                    stemmed := stemmed || ' | ''' || stem || prefix || parts;
                    IF many = 1 AND prefix <> '''' AND starts_with(word, stem) THEN
                        stems := stems || ' | ''' || stem || prefix || parts;
                        CONTINUE;
                    END IF;
                    stems := stems || ' | ''' || stem || prefix;
                END IF;
                plain := plain || ' | ''' || word || prefix || parts;
            END IF;
        END LOOP;
        IF many = 1 THEN
            RETURN substr(concat(plain, CASE WHEN stemmed <> plain THEN stems END), 4)::tsquery;
        END IF;
        all_plain := all_plain || ' & (' || substr(plain, 4) || ')';
        IF stemmed = '' THEN
            has_stop_word := true;
        ELSE
            all_stemmed := all_stemmed || ' & (' || substr(stemmed, 4) || ')';
            different := different + (plain <> stemmed)::int;
            every := every || ' & (' || substr(concat(plain, CASE WHEN stemmed <> plain THEN stems END), 4) || ')';
        END IF;
    END LOOP;
    found := CASE
        WHEN all_stemmed = '' THEN substr(all_plain, 4)
        -- The other words alone are enough, so a search with all words as they are finds no more.
        WHEN different = 0 THEN substr(all_stemmed, 4)
        WHEN different = 1 AND NOT has_stop_word THEN substr(every, 4)
        ELSE '(' || substr(all_plain, 4) || ') | (' || substr(all_stemmed, 4) || ')'
    END;
    -- A part of a SKU with a separator in it, such as "b-12".
    parts := '';
    IF joined NOT LIKE '% %' THEN
        FOR start_at IN 1 .. length(joined) - 2 LOOP
            parts := parts || ' & ''#' || substr(joined, start_at, 3) || '''';
        END LOOP;
    END IF;
    RETURN (CASE WHEN parts = '' THEN found ELSE '(' || found || ') | (' || substr(parts, 4) || ')' END)::tsquery;
END $$;
