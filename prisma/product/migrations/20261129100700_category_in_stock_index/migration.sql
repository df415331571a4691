-- The same for the products of a category.
CREATE INDEX CONCURRENTLY "products_category_in_stock_idx" ON "products" ("category_id", "in_stock", "id") WHERE "on_sale";
