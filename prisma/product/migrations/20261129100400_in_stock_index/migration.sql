-- One index for each order in which customers list the products in stock, or those out of stock.
CREATE INDEX CONCURRENTLY "products_in_stock_idx" ON "products" ("in_stock", "id") WHERE "on_sale";
