-- A customer's orders of some statuses, among many orders of others.
CREATE INDEX CONCURRENTLY "orders_customer_id_status_placed_at_id_idx" ON "orders"("customer_id", "status", "placed_at", "id");
