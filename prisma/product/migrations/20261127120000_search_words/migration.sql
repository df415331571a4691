-- What customers search is cut into words here, and nowhere by PostgreSQL's text parser or by the character type of the
-- database: those differ between machines. src/domain/search-query.ts cuts searches in the same way, and a test compares
-- both for every character.

-- Runs of signs that are no part of a word: Unicode's punctuation, symbols, spaces, control and format characters.
CREATE FUNCTION "search_separators"() RETURNS TEXT LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7'
    '\u00f7\u02c2-\u02c5\u02d2-\u02df\u02e5-\u02eb\u02ed\u02ef-\u02ff\u0375\u037e\u0384-\u0385\u0387\u03f6'
    '\u0482\u055a-\u055f\u0589-\u058f\u05be\u05c0\u05c3\u05c6\u05f3-\u060f\u061b-\u061f\u066a-\u066d\u06d4'
    '\u06dd-\u06de\u06e9\u06fd-\u06fe\u0700-\u070f\u07f6-\u07f9\u07fe-\u07ff\u0830-\u083e\u085e\u0888'
    '\u0890-\u0891\u08e2\u0964-\u0965\u0970\u09f2-\u09f3\u09fa-\u09fb\u09fd\u0a76\u0af0-\u0af1\u0b70'
    '\u0bf3-\u0bfa\u0c77\u0c7f\u0c84\u0d4f\u0d79\u0df4\u0e3f\u0e4f\u0e5a-\u0e5b\u0f01-\u0f17\u0f1a-\u0f1f'
    '\u0f34\u0f36\u0f38\u0f3a-\u0f3d\u0f85\u0fbe-\u0fc5\u0fc7-\u0fda\u104a-\u104f\u109e-\u109f\u10fb'
    '\u1360-\u1368\u1390-\u1399\u1400\u166d-\u166e\u1680\u169b-\u169c\u16eb-\u16ed\u1735-\u1736\u17d4-\u17d6'
    '\u17d8-\u17db\u1800-\u180a\u180e\u1940-\u1945\u19de-\u19ff\u1a1e-\u1a1f\u1aa0-\u1aa6\u1aa8-\u1aad'
    '\u1b4e-\u1b4f\u1b5a-\u1b6a\u1b74-\u1b7f\u1bfc-\u1bff\u1c3b-\u1c3f\u1c7e-\u1c7f\u1cc0-\u1cc7\u1cd3\u1fbd'
    '\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed-\u1fef\u1ffd-\u206f\u207a-\u207e\u208a-\u208e\u20a0-\u20c1'
    '\u2100-\u2101\u2103-\u2106\u2108-\u2109\u2114\u2116-\u2118\u211e-\u2123\u2125\u2127\u2129\u212e'
    '\u213a-\u213b\u2140-\u2144\u214a-\u214d\u214f\u218a-\u244a\u249c-\u24e9\u2500-\u2775\u2794-\u2bff'
    '\u2ce5-\u2cea\u2cf9-\u2cfc\u2cfe-\u2cff\u2d70\u2e00-\u2e2e\u2e30-\u3004\u3008-\u3020\u3030\u3036-\u3037'
    '\u303d-\u303f\u309b-\u309c\u30a0\u30fb\u3190-\u3191\u3196-\u319f\u31c0-\u31ef\u3200-\u321e\u322a-\u3247'
    '\u3250\u3260-\u327f\u328a-\u32b0\u32c0-\u33ff\u4dc0-\u4dff\ua490-\ua4c6\ua4fe-\ua4ff\ua60d-\ua60f\ua673'
    '\ua67e\ua6f2-\ua716\ua720-\ua721\ua789-\ua78a\ua828-\ua82b\ua836-\ua839\ua874-\ua877\ua8ce-\ua8cf'
    '\ua8f8-\ua8fa\ua8fc\ua92e-\ua92f\ua95f\ua9c1-\ua9cd\ua9de-\ua9df\uaa5c-\uaa5f\uaa77-\uaa79\uaade-\uaadf'
    '\uaaf0-\uaaf1\uab5b\uab6a-\uab6b\uabeb\ufb29\ufbb2-\ufbd2\ufd3e-\ufd4f\ufd90-\ufd91\ufdc8-\ufdcf'
    '\ufdfc-\ufdff\ufe10-\ufe19\ufe30-\ufe6b\ufeff-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\ufffd'
    '\U00010100-\U00010102\U00010137-\U0001013f\U00010179-\U00010189\U0001018c-\U000101fc\U0001039f\U000103d0'
    '\U0001056f\U00010857\U00010877-\U00010878\U0001091f\U0001093f\U00010a50-\U00010a58\U00010a7f\U00010ac8'
    '\U00010af0-\U00010af6\U00010b39-\U00010b3f\U00010b99-\U00010b9c\U00010d6e\U00010d8e-\U00010d8f\U00010ead'
    '\U00010ed0-\U00010ed8\U00010f55-\U00010f59\U00010f86-\U00010f89\U00011047-\U0001104d\U000110bb-\U000110c1'
    '\U000110cd\U00011140-\U00011143\U00011174-\U00011175\U000111c5-\U000111c8\U000111cd\U000111db'
    '\U000111dd-\U000111df\U00011238-\U0001123d\U000112a9\U000113d4-\U000113d8\U0001144b-\U0001144f'
    '\U0001145a-\U0001145d\U000114c6\U000115c1-\U000115d7\U00011641-\U00011643\U00011660-\U0001166c\U000116b9'
    '\U0001173c-\U0001173f\U0001183b\U00011944-\U00011946\U000119e2\U00011a3f-\U00011a46\U00011a9a-\U00011a9c'
    '\U00011a9e-\U00011aa2\U00011b00-\U00011b09\U00011be1\U00011c41-\U00011c45\U00011c70-\U00011c71'
    '\U00011ef7-\U00011ef8\U00011f43-\U00011f4f\U00011fd5-\U00011fff\U00012470-\U00012474\U00012ff1-\U00012ff2'
    '\U00013430-\U0001343f\U00016a6e-\U00016a6f\U00016af5\U00016b37-\U00016b3f\U00016b44-\U00016b45'
    '\U00016d6d-\U00016d6f\U00016e97-\U00016e9a\U00016fe2\U0001bc9c\U0001bc9f-\U0001ccef\U0001ccfa-\U0001cef0'
    '\U0001cf50-\U0001d164\U0001d16a-\U0001d16c\U0001d173-\U0001d17a\U0001d183-\U0001d184\U0001d18c-\U0001d1a9'
    '\U0001d1ae-\U0001d241\U0001d245\U0001d300-\U0001d356\U0001d6c1\U0001d6db\U0001d6fb\U0001d715\U0001d735'
    '\U0001d74f\U0001d76f\U0001d789\U0001d7a9\U0001d7c3\U0001d800-\U0001d9ff\U0001da37-\U0001da3a'
    '\U0001da6d-\U0001da74\U0001da76-\U0001da83\U0001da85-\U0001da8b\U0001e14f\U0001e2ff\U0001e5ff'
    '\U0001e95e-\U0001e95f\U0001ecac\U0001ecb0\U0001ed2e\U0001eef0-\U0001f0f5\U0001f10d-\U0001fbef\U0001fbfa'
    '\U000e0001-\U000e007f]+';

-- A run of a script that puts no space between words: Han, Hiragana, Katakana, Hangul, Thai, Lao, Khmer and Myanmar.
CREATE FUNCTION "search_unspaced"() RETURNS TEXT LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN
    '([\u0e01-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59\u0e81-\u0edf\u1000-\u1049\u1050-\u109d\u1100-\u11ff'
    '\u1780-\u17d3\u17d7\u17dc-\u17f9\u3005\u3007\u3021-\u3029\u302e-\u302f\u3038-\u303b\u3041-\u3096'
    '\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c'
    '\ua9e0-\ua9fe\uaa60-\uaa76\uaa7a-\uaa7f\uac00-\ud7fb\uf900-\ufad9\uff66-\uff6f\uff71-\uff9d\uffa0-\uffdc'
    '\U000116d0-\U000116e3\U00016fe3\U00016ff0-\U00016ff6\U0001aff0-\U0001b167\U00020000-\U00033479]+)';

-- One form of a text for all ways to write it: compatibility forms, case and accents do not matter. Apostrophes and
-- invisible joiners are left out ("women's" is one word). The collations are named, so that no other one is used.
CREATE FUNCTION "search_fold"("text" TEXT) RETURNS TEXT LANGUAGE SQL IMMUTABLE PARALLEL SAFE STRICT
RETURN normalize(replace(replace(replace(translate(lower(regexp_replace(normalize("text", NFKD) COLLATE "C",
        '[\u0027\u2018\u2019\u02bb\u02bc\u00ad\u200c\u200d\u2060\ufeff\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2'
        '\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]',
        '', 'g') COLLATE "und-x-icu"), 'ςøłđħŧı', 'σoldhti'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), NFKC);

-- The words of a text in their order, of at most 100 characters each. A run without spaces is a word of its own.
CREATE FUNCTION "search_words"("text" TEXT) RETURNS TEXT[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    words TEXT := regexp_replace(search_fold("text") COLLATE "C", search_separators(), ' ', 'g');
BEGIN
    IF words ~ '[^\u0001-\u0dff]' THEN
        words := regexp_replace(words, search_unspaced(), ' \1 ', 'g');
    END IF;
    RETURN array(SELECT left(word, 100) FROM string_to_table(words, ' ') AS word WHERE word <> '');
END $$;

-- True for a word of a script without spaces.
CREATE FUNCTION "is_unspaced"("word" TEXT) RETURNS BOOLEAN LANGUAGE SQL IMMUTABLE PARALLEL SAFE STRICT
RETURN octet_length("word") > length("word") AND "word" COLLATE "C" ~ ('^' || search_unspaced() || '$');

-- What a search looks through. Weights: A the name, B the SKU, C the description.
-- Words of the name and the SKU are kept as they are, for a search by the beginning of one. Those of the name and the
-- description are also kept by their English stem, so that "phones" finds "phone". A run without spaces is kept as pairs
-- of characters and its last character, and the SKU as groups of three after a #, so that a part of either is found.
CREATE FUNCTION "product_search_words"("name" TEXT, "sku" TEXT, "description" TEXT) RETURNS TSVECTOR
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    joined TEXT := array_to_string(search_words("sku"), '');
BEGIN
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

-- A search for products that have every term: each word as it is, or each word that is no stop word by its English stem.
-- A term has one word, or several that may replace each other, with a space between. The last term may be incomplete. All
-- terms together may also be a part of the SKU.
CREATE FUNCTION "search_query"("terms" TEXT[]) RETURNS TSQUERY LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    term TEXT;
    word TEXT;
    stem TEXT;
    prefix TEXT;
    parts TEXT;
    plain TEXT;
    stemmed TEXT;
    all_plain TEXT := '';
    all_stemmed TEXT := '';
    place INT := 0;
    joined TEXT := array_to_string("terms", '');
BEGIN
    FOREACH term IN ARRAY "terms" LOOP
        place := place + 1;
        plain := '';
        stemmed := '';
        FOREACH word IN ARRAY string_to_array(term, ' ') LOOP
            parts := '';
            IF is_unspaced(word) THEN
                FOR start_at IN 1 .. greatest(length(word) - 1, 1) LOOP
                    parts := parts || ' & ''' || substr(word, start_at, 2) || CASE length(word) WHEN 1 THEN ''':*' ELSE '''' END;
                END LOOP;
                plain := plain || ' | (' || substr(parts, 4) || ')';
                stemmed := stemmed || ' | (' || substr(parts, 4) || ')';
            ELSE
                prefix := CASE WHEN place = cardinality("terms") AND length(word) >= 2 THEN ''':*' ELSE '''' END;
                FOR start_at IN 1 .. length(word) - 2 LOOP
                    parts := parts || ' & ''#' || substr(word, start_at, 3) || '''';
                END LOOP;
                IF parts <> '' THEN
                    parts := ' | (' || substr(parts, 4) || ')';
                END IF;
                plain := plain || ' | ''' || word || prefix || parts;
                stem := (ts_lexize('pg_catalog.english_stem', word))[1];
                IF stem <> '' THEN
                    stemmed := stemmed || ' | ''' || stem || prefix || parts;
                END IF;
            END IF;
        END LOOP;
        all_plain := all_plain || ' & (' || substr(plain, 4) || ')';
        IF stemmed <> '' THEN
            all_stemmed := all_stemmed || ' & (' || substr(stemmed, 4) || ')';
        END IF;
    END LOOP;
    -- A part of a SKU with a separator in it, such as "b-12".
    parts := '';
    IF cardinality("terms") > 1 AND joined NOT LIKE '% %' THEN
        FOR start_at IN 1 .. length(joined) - 2 LOOP
            parts := parts || ' & ''#' || substr(joined, start_at, 3) || '''';
        END LOOP;
    END IF;
    RETURN substr(all_plain, 4)::tsquery || substr(all_stemmed, 4)::tsquery || substr(parts, 4)::tsquery;
END $$;

-- The order of names: as in a dictionary, in no particular language, and "Lamp 2" before "Lamp 10".
CREATE COLLATION "product_names" (provider = icu, locale = 'und-u-kn-true');

-- AlterTable. Not a generated column: adding one would rewrite the table while nobody can read it.
ALTER TABLE "products" ADD COLUMN "search_words" tsvector;

CREATE FUNCTION "fill_search_words"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_words := product_search_words(NEW.name, NEW.sku, NEW.description);
    RETURN NEW;
END $$;

CREATE TRIGGER "products_fill_search_words" BEFORE INSERT OR UPDATE OF "name", "sku", "description" ON "products"
    FOR EACH ROW EXECUTE FUNCTION "fill_search_words"();

-- A word with one ASCII character for each other character. "pg_trgm" sees no letters outside ASCII where the character
-- type is C. Two words may have one sketch: it only selects words whose spelling is then compared.
CREATE FUNCTION "search_sketch"("word" TEXT) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    IF octet_length("word") = length("word") THEN
        RETURN "word";
    END IF;
    RETURN (
        SELECT string_agg(
            CASE WHEN ascii(sign) < 128 THEN sign
                 ELSE substr('abcdefghijklmnopqrstuvwxyz0123456789', 1 + ascii(sign) % 36, 1) END, '' ORDER BY at)
          FROM string_to_table("word", NULL) WITH ORDINALITY AS signs(sign, at));
END $$;

-- The words that a misspelt word is compared to, cut in the same way.
CREATE OR REPLACE FUNCTION "learn_product_words"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO product_words (word)
    SELECT DISTINCT word
      FROM changed, unnest(search_words(changed.name || ' ' || changed.description)) AS word
     WHERE word ~ '^[^0-9]{3,40}$' AND NOT is_unspaced(word)
     ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
