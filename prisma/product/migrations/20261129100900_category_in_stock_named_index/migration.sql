CREATE INDEX CONCURRENTLY "products_category_in_stock_named_idx" ON "products" ("category_id", "in_stock", (left("name", 100)) COLLATE "product_names", "id") WHERE "on_sale";
