-- Counts the products that were there before the triggers. Every earlier change of a product is committed: a trigger is
-- created only after the transactions that write the table.
SELECT correct_product_counts();
ANALYZE product_counts;
