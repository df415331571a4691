-- Corrects the products without an available unit. Each batch is a transaction of its own: requests wait for one batch
-- at most. A locked stock does not change until the batch is committed, and later changes are those of the trigger.
DO $$
DECLARE
    first_id UUID := '00000000-0000-0000-0000-000000000000';
    last_id UUID;
BEGIN
    LOOP
        SELECT product_id INTO last_id
          FROM (SELECT product_id FROM stocks WHERE product_id > first_id ORDER BY product_id LIMIT 5000) AS batch
         ORDER BY product_id DESC LIMIT 1;
        EXIT WHEN last_id IS NULL;
        UPDATE products SET in_stock = false
         WHERE in_stock AND id = ANY(ARRAY(
            SELECT product_id FROM stocks
             WHERE product_id > first_id AND product_id <= last_id AND on_hand <= reserved
             ORDER BY product_id FOR SHARE));
        COMMIT;
        first_id := last_id;
    END LOOP;
    -- A manual change may have left a product without a stock.
    UPDATE products SET in_stock = false
     WHERE in_stock AND NOT EXISTS (SELECT 1 FROM stocks WHERE product_id = products.id);
    ANALYZE products;
END $$;
