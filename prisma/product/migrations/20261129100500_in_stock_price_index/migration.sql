CREATE INDEX CONCURRENTLY "products_in_stock_price_idx" ON "products" ("in_stock", "price_minor", "id") WHERE "on_sale";
