CREATE INDEX CONCURRENTLY "products_category_in_stock_price_idx" ON "products" ("category_id", "in_stock", "price_minor", "id") WHERE "on_sale";
