-- Fills in the products that exist, and learns their words through the trigger. Reads go on meanwhile.
UPDATE "products" SET "search_words" = product_search_words("name", "sku", "description") WHERE "search_words" IS NULL;
