-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('PENDING', 'FAILED', 'SUCCEEDED', 'DECLINED', 'REFUNDED', 'PARTIALLY_REFUNDED');

-- CreateEnum
CREATE TYPE "RefundStatus" AS ENUM ('PENDING', 'SUCCEEDED');

-- DropIndex
DROP INDEX "orders_customer_id_id_idx";

-- AlterTable
ALTER TABLE "order_events" ADD COLUMN     "details" JSONB;

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "reserved_until" TIMESTAMPTZ(3),
ADD COLUMN     "tracking_number" TEXT;

-- CreateTable
CREATE TABLE "payments" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "status" "PaymentStatus" NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "refunded_minor" BIGINT NOT NULL DEFAULT 0,
    "method" TEXT NOT NULL,
    "failure_reason" TEXT,
    "actor_id" UUID,
    "charge_until" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refunds" (
    "id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "idempotency_key" TEXT,
    "fingerprint" TEXT,
    "status" "RefundStatus" NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "reason" TEXT,
    "actor_id" UUID,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refunds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "simulated_charges" (
    "key" TEXT NOT NULL,
    "declined" TEXT,
    "amount_minor" BIGINT NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "simulated_charges_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "simulated_refunds" (
    "key" TEXT NOT NULL,
    "charge_key" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "simulated_refunds_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "payments_actor_id_idx" ON "payments"("actor_id");

-- CreateIndex
CREATE UNIQUE INDEX "payments_order_id_idempotency_key_key" ON "payments"("order_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "refunds_payment_id_idx" ON "refunds"("payment_id");

-- CreateIndex
CREATE INDEX "refunds_actor_id_idx" ON "refunds"("actor_id");

-- CreateIndex
CREATE UNIQUE INDEX "refunds_order_id_idempotency_key_key" ON "refunds"("order_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "simulated_refunds_charge_key_idx" ON "simulated_refunds"("charge_key");

-- CreateIndex
CREATE INDEX "orders_placed_at_id_idx" ON "orders"("placed_at", "id");

-- CreateIndex
CREATE INDEX "orders_customer_id_placed_at_id_idx" ON "orders"("customer_id", "placed_at", "id");

-- CreateIndex
CREATE INDEX "orders_status_placed_at_id_idx" ON "orders"("status", "placed_at", "id");

-- AddForeignKey
ALTER TABLE "payments" ADD CONSTRAINT "payments_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Reservations from before expiry begin to run out now, and their history says so.
UPDATE "orders" SET "reserved_until" = clock_timestamp() + interval '15 minutes' WHERE "status" = 'RESERVED';
UPDATE "order_events" SET "details" = jsonb_build_object('reservedUntil', to_char("orders"."reserved_until" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  FROM "orders" WHERE "orders"."id" = "order_events"."order_id" AND "orders"."status" = 'RESERVED' AND "order_events"."type" = 'RESERVED';

-- What must never happen, whatever the code does.
ALTER TABLE "orders" ADD CONSTRAINT "orders_reserved_until_check" CHECK (("status" = 'RESERVED') = ("reserved_until" IS NOT NULL));
ALTER TABLE "payments" ADD CONSTRAINT "payments_amount_check" CHECK ("amount_minor" >= 0);
ALTER TABLE "payments" ADD CONSTRAINT "payments_refunded_check" CHECK (
    CASE "status"
        WHEN 'REFUNDED' THEN "refunded_minor" = "amount_minor"
        WHEN 'PARTIALLY_REFUNDED' THEN "refunded_minor" > 0 AND "refunded_minor" < "amount_minor"
        ELSE "refunded_minor" = 0
    END
);
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_amount_check" CHECK ("amount_minor" > 0);
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_key_check" CHECK (("idempotency_key" IS NULL) = ("fingerprint" IS NULL));
ALTER TABLE "simulated_charges" ADD CONSTRAINT "simulated_charges_amount_check" CHECK ("amount_minor" >= 0);
ALTER TABLE "simulated_refunds" ADD CONSTRAINT "simulated_refunds_amount_check" CHECK ("amount_minor" > 0);

-- An order has one payment in flight at most: two cards at once would both be charged.
CREATE UNIQUE INDEX "payments_pending_order_id_key" ON "payments"("order_id") WHERE "status" = 'PENDING';

-- What waits for a clock: reservations that run out, payments whose outcome is unknown, refunds that are not made yet.
CREATE INDEX "orders_reserved_until_idx" ON "orders"("reserved_until") WHERE "status" = 'RESERVED';
CREATE INDEX "payments_pending_due_at_idx" ON "payments"("due_at") WHERE "status" = 'PENDING';
CREATE INDEX "refunds_pending_due_at_idx" ON "refunds"("due_at") WHERE "status" = 'PENDING';

-- Whether an account may be written for. True means that it will not be erased before the transaction ends: an erasure takes
-- the same lock for itself. The second statement of the body sees what was committed while the first one waited.
-- \x3B is a semicolon: Prisma's driver adapters cut a migration at each one, also inside of a function's body.
CREATE FUNCTION "account_is_open"("account" UUID) RETURNS boolean LANGUAGE plpgsql VOLATILE AS
E'BEGIN PERFORM pg_advisory_xact_lock_shared(hashtextextended("account"::text, 0))\x3B RETURN NOT EXISTS (SELECT FROM "erased_accounts" WHERE "user_id" = "account")\x3B END';
