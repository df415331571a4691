-- Numbers of products by category and by what lists select them by. A count of such a list adds these up, where it read
-- an entry of an index for each product before. A change of a product adds a row instead of changing one, so that
-- changes of products of the same category do not wait for each other. A job merges the rows from time to time.
CREATE TABLE "product_counts" (
    "id" BIGSERIAL NOT NULL,
    "category_id" UUID,
    "on_sale" BOOLEAN NOT NULL,
    "in_stock" BOOLEAN NOT NULL,
    "change" INTEGER NOT NULL,

    CONSTRAINT "product_counts_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "product_counts_category_id_idx" ON "product_counts"("category_id");

CREATE FUNCTION "count_products"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO product_counts (category_id, on_sale, in_stock, change)
    SELECT category_id, on_sale, in_stock, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
      FROM changed GROUP BY category_id, on_sale, in_stock;
    RETURN NULL;
END $$;

CREATE FUNCTION "count_changed_product"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO product_counts (category_id, on_sale, in_stock, change)
    VALUES (OLD.category_id, OLD.on_sale, OLD.in_stock, -1), (NEW.category_id, NEW.on_sale, NEW.in_stock, 1);
    RETURN NULL;
END $$;

CREATE FUNCTION "count_no_products"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM product_counts;
    RETURN NULL;
END $$;

CREATE TRIGGER "products_count_inserted" AFTER INSERT ON "products"
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_products"();
CREATE TRIGGER "products_count_deleted" AFTER DELETE ON "products"
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_products"();
-- For each row: most updates change none of these, and then the condition alone is read.
CREATE TRIGGER "products_count_changed" AFTER UPDATE ON "products" FOR EACH ROW
    WHEN (OLD.category_id IS DISTINCT FROM NEW.category_id OR OLD.on_sale <> NEW.on_sale OR OLD.in_stock <> NEW.in_stock)
    EXECUTE FUNCTION "count_changed_product"();
CREATE TRIGGER "products_count_none" AFTER TRUNCATE ON "products"
    FOR EACH STATEMENT EXECUTE FUNCTION "count_no_products"();

-- Adds what the counts lack. One statement compares the products with the counts of the same moment, so that products may
-- change meanwhile.
CREATE FUNCTION "correct_product_counts"() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Two corrections at once would both add the same.
    PERFORM pg_advisory_xact_lock(hashtext('correct_product_counts'));
    INSERT INTO product_counts (category_id, on_sale, in_stock, change)
    SELECT category_id, on_sale, in_stock, sum(change)
      FROM (SELECT category_id, on_sale, in_stock, count(*) AS change FROM products GROUP BY category_id, on_sale, in_stock
            UNION ALL
            SELECT category_id, on_sale, in_stock, -change FROM product_counts) AS difference
     GROUP BY category_id, on_sale, in_stock HAVING sum(change) <> 0;
END $$;
