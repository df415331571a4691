-- Most words are a part of no SKU. Without that alternative, a search for several words reads little more of the index than the rarest
-- of them has. With it, PostgreSQL reads all that each of them has.

-- The tsquery of SKUs with a text in them. Null for a text that is too short, and for one with a space, which no SKU has.
CREATE FUNCTION "sku_part"("part" TEXT) RETURNS TSQUERY LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN (
    SELECT string_agg(quote_literal('#' || substr("part", start_at, 3)), ' & ')::tsquery
      FROM generate_series(1, length("part") - 2) AS start_at
     WHERE "part" NOT LIKE '% %'
);

-- As "search_filter" with one argument, which the previous release calls, but a word is looked for in SKUs only where "parts_of_skus" is
-- true: for each word of the terms, and then for all of them together. Null: for all. "by_beginning" says whether words that begin with the last one
-- are found too.
CREATE FUNCTION "search_filter"("terms" TEXT[], "parts_of_skus" BOOLEAN[], "by_beginning" BOOLEAN) RETURNS TSQUERY LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
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
    number INT := 0;
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
            number := number + 1;
            IF is_unspaced(word) THEN
                FOR start_at IN 1 .. greatest(length(word) - 1, 1) LOOP
                    parts := parts || ' & ''' || substr(word, start_at, 2) || CASE length(word) WHEN 1 THEN ''':*' ELSE '''' END;
                END LOOP;
                plain := plain || ' | (' || substr(parts, 4) || ')';
                stemmed := stemmed || ' | (' || substr(parts, 4) || ')';
            ELSE
                prefix := CASE WHEN "by_beginning" AND place = many AND length(word) >= 2 THEN ''':*' ELSE '''' END;
                IF "parts_of_skus" IS NULL OR "parts_of_skus"[number] THEN
                    parts := coalesce(' | (' || sku_part(word)::text || ')', '');
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
    parts := CASE WHEN "parts_of_skus" IS NULL OR "parts_of_skus"[number + 1] THEN sku_part(joined)::text END;
    RETURN (CASE WHEN parts IS NULL THEN found ELSE '(' || found || ') | (' || parts || ')' END)::tsquery;
END $$;
