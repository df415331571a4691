-- Final orders move here, when ARCHIVE_AFTER_DAYS is set. A partition holds the orders of a month: their ids begin with the time when
-- they were made. The archiving job attaches the partitions.
-- CreateTable
CREATE TABLE "archived_orders" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "customer_id" UUID,
    "status" "OrderStatus" NOT NULL,
    "status_reason" TEXT,
    "currency_code" CHAR(3) NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "shipping_address" JSONB NOT NULL,
    "billing_address" JSONB NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "reserved_until" TIMESTAMPTZ(3),
    "tracking_number" TEXT,
    "items" JSONB NOT NULL,
    "history" JSONB NOT NULL,
    "payments" JSONB NOT NULL,
    "refunds" JSONB NOT NULL,
    "actor_ids" UUID[],
    "archived_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "archived_orders_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

-- CreateTable
CREATE TABLE "archived_order_keys" (
    "order_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "customer_id" UUID,
    "idempotency_key" TEXT NOT NULL,

    CONSTRAINT "archived_order_keys_pkey" PRIMARY KEY ("order_id")
);

-- CreateIndex
CREATE INDEX "archived_orders_placed_at_id_idx" ON "archived_orders"("placed_at", "id");

-- CreateIndex
CREATE INDEX "archived_orders_customer_id_placed_at_id_idx" ON "archived_orders"("customer_id", "placed_at", "id");

-- CreateIndex
CREATE INDEX "archived_orders_status_placed_at_id_idx" ON "archived_orders"("status", "placed_at", "id");

-- CreateIndex
CREATE INDEX "archived_orders_actor_ids_idx" ON "archived_orders" USING GIN ("actor_ids");

-- CreateIndex
CREATE UNIQUE INDEX "archived_order_keys_number_key" ON "archived_order_keys"("number");

-- CreateIndex
CREATE UNIQUE INDEX "archived_order_keys_customer_id_idempotency_key_key" ON "archived_order_keys"("customer_id", "idempotency_key");

-- Orders and what belongs to them, archived or not. A migration that changes a column of these tables makes the views again.
CREATE VIEW "every_order" AS
SELECT
    "id", "number", "customer_id", "status", "status_reason", "currency_code", "total_minor", "shipping_address",
    "billing_address", "idempotency_key", "fingerprint", "version", "placed_at", "updated_at", "reserved_until",
    "tracking_number"
FROM "orders"
UNION ALL
SELECT
    "id", "number", "customer_id", "status", "status_reason", "currency_code", "total_minor", "shipping_address",
    "billing_address", "idempotency_key", "fingerprint", "version", "placed_at", "updated_at", "reserved_until",
    "tracking_number"
FROM "archived_orders";

CREATE VIEW "every_order_item" AS
SELECT
    "id", "order_id", "position", "product_id", "sku", "name", "unit_price_minor", "quantity"
FROM "order_items"
UNION ALL
SELECT
    "r"."id", "a"."id", "r"."position", "r"."product_id", "r"."sku", "r"."name", "r"."unit_price_minor",
    "r"."quantity"
FROM "archived_orders" AS "a" CROSS JOIN LATERAL jsonb_to_recordset("a"."items") AS "r"(
    "id" uuid, "position" int, "product_id" uuid, "sku" text, "name" text, "unit_price_minor" bigint, "quantity" int
);

CREATE VIEW "every_order_event" AS
SELECT
    "id", "order_id", "sequence", "type", "from_status", "to_status", "reason", "actor_id", "details", "at"
FROM "order_events"
UNION ALL
SELECT
    "r"."id", "a"."id", "r"."sequence", "r"."type", "r"."from_status", "r"."to_status", "r"."reason", "r"."actor_id",
    "r"."details", "r"."at"
FROM "archived_orders" AS "a" CROSS JOIN LATERAL jsonb_to_recordset("a"."history") AS "r"(
    "id" uuid, "sequence" int, "type" text, "from_status" "OrderStatus", "to_status" "OrderStatus", "reason" text,
    "actor_id" uuid, "details" jsonb, "at" timestamptz(3)
);

CREATE VIEW "every_payment" AS
SELECT
    "id", "order_id", "idempotency_key", "fingerprint", "status", "amount_minor", "currency_code", "refunded_minor",
    "method", "failure_reason", "actor_id", "charge_until", "due_at", "created_at", "updated_at"
FROM "payments"
UNION ALL
SELECT
    "r"."id", "a"."id", "r"."idempotency_key", "r"."fingerprint", "r"."status", "r"."amount_minor",
    "r"."currency_code", "r"."refunded_minor", "r"."method", "r"."failure_reason", "r"."actor_id", "r"."charge_until",
    "r"."due_at", "r"."created_at", "r"."updated_at"
FROM "archived_orders" AS "a" CROSS JOIN LATERAL jsonb_to_recordset("a"."payments") AS "r"(
    "id" uuid, "idempotency_key" text, "fingerprint" text, "status" "PaymentStatus", "amount_minor" bigint,
    "currency_code" char(3), "refunded_minor" bigint, "method" text, "failure_reason" text, "actor_id" uuid,
    "charge_until" timestamptz(3), "due_at" timestamptz(3), "created_at" timestamptz(3), "updated_at" timestamptz(3)
);

CREATE VIEW "every_refund" AS
SELECT
    "id", "payment_id", "order_id", "idempotency_key", "fingerprint", "status", "amount_minor", "reason", "actor_id",
    "due_at", "created_at", "updated_at", "failure_reported_at"
FROM "refunds"
UNION ALL
SELECT
    "r"."id", "r"."payment_id", "a"."id", "r"."idempotency_key", "r"."fingerprint", "r"."status", "r"."amount_minor",
    "r"."reason", "r"."actor_id", "r"."due_at", "r"."created_at", "r"."updated_at", "r"."failure_reported_at"
FROM "archived_orders" AS "a" CROSS JOIN LATERAL jsonb_to_recordset("a"."refunds") AS "r"(
    "id" uuid, "payment_id" uuid, "idempotency_key" text, "fingerprint" text, "status" "RefundStatus",
    "amount_minor" bigint, "reason" text, "actor_id" uuid, "due_at" timestamptz(3), "created_at" timestamptz(3),
    "updated_at" timestamptz(3), "failure_reported_at" timestamptz(3)
);
