-- The products of before the triggers. Whoever changed products before the triggers were there has committed: to create a
-- trigger waits for them.
SELECT correct_product_counts();
ANALYZE product_counts;
