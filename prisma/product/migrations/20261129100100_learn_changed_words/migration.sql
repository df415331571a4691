-- Learns the words of a product only when its texts change, since each change of its stock may write the product.
CREATE FUNCTION "learn_changed_words"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO product_words (word)
    SELECT DISTINCT word
      FROM changed JOIN former USING (id), unnest(search_words(changed.name || ' ' || changed.description)) AS word
     WHERE (changed.name, changed.description) IS DISTINCT FROM (former.name, former.description)
       AND word ~ '^[^0-9]{3,40}$' AND NOT is_unspaced(word)
     ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER "products_learn_updated_words" AFTER UPDATE ON "products"
    REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "learn_changed_words"();
