-- CreateIndex. CONCURRENTLY does not exist for a partitioned table.
-- Accepted (lock): only the archiving job and the erasure of accounts write here, and both repeat what they could not do.
CREATE INDEX "archived_orders_customer_id_status_placed_at_id_idx" ON "archived_orders"("customer_id", "status", "placed_at", "id");
