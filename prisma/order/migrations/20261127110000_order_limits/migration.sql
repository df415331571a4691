-- The unpaid orders of a customer.
CREATE INDEX "orders_open_customer_id_idx" ON "orders"("customer_id") WHERE "status" IN ('PENDING', 'RESERVED');

-- What a customer's unpaid orders hold: their number, their value in one currency, and the units of some products. It holds a lock
-- of the customer until the transaction ends, so that the orders of concurrent requests are counted one after the other. Each query
-- in a volatile function sees what was committed while it waited for the lock.
CREATE FUNCTION "open_order_totals"("customer" UUID, "currency" TEXT, "products" UUID[]) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS
E'BEGIN PERFORM pg_advisory_xact_lock(hashtextextended("customer"::text, 1))\x3B RETURN (SELECT jsonb_build_object(''orders'', count(*), ''valueMinor'', coalesce(sum("total_minor") FILTER (WHERE "currency_code" = "currency"), 0), ''units'', (SELECT coalesce(jsonb_object_agg("held"."product_id", "held"."quantity"), ''{}'') FROM (SELECT "i"."product_id", sum("i"."quantity") AS "quantity" FROM "orders" AS "o" JOIN "order_items" AS "i" ON "i"."order_id" = "o"."id" WHERE "o"."customer_id" = "customer" AND "o"."status" IN (''PENDING'', ''RESERVED'') AND "i"."product_id" = ANY ("products") GROUP BY "i"."product_id") AS "held")) FROM "orders" WHERE "customer_id" = "customer" AND "status" IN (''PENDING'', ''RESERVED''))\x3B END';
