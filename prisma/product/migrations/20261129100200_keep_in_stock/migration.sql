-- Keeps "in_stock" of products: true while a unit is available. Lists read it from an index, where the stocks of all
-- products had to be probed before.
-- The caller has locked the stocks, so no other transaction changes the same flags. Products are locked in ascending
-- order of id, as everywhere, so that two transactions do not deadlock. Most movements change no flag and write nothing.
-- A new product without a stock is written with its flag, so an empty stock that is inserted changes nothing.
-- The nested loop reads the index whatever the number of stocks: a plan with a hash of all products would be kept.
CREATE FUNCTION "keep_in_stock"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE products SET in_stock = NOT in_stock
     WHERE id = ANY(ARRAY(
        SELECT product.id
          FROM (SELECT product_id, on_hand > reserved AS is_available FROM changed
                 WHERE TG_OP = 'UPDATE' OR on_hand > reserved ORDER BY product_id) AS stock
         CROSS JOIN LATERAL (
            SELECT id FROM products WHERE id = stock.product_id AND in_stock <> stock.is_available
            OFFSET 0 FOR NO KEY UPDATE) AS product));
    RETURN NULL;
END $$;

CREATE TRIGGER "stocks_keep_in_stock_of_inserted" AFTER INSERT ON "stocks"
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "keep_in_stock"();
CREATE TRIGGER "stocks_keep_in_stock_of_updated" AFTER UPDATE ON "stocks"
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "keep_in_stock"();
