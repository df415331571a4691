-- CreateEnum
CREATE TYPE "NotificationTopic" AS ENUM ('ACCOUNT', 'ORDERS', 'TASKS', 'OPERATIONS');

-- CreateEnum
CREATE TYPE "NotificationChannel" AS ENUM ('EMAIL', 'SMS');

-- CreateEnum
CREATE TYPE "NotificationStatus" AS ENUM ('QUEUED', 'SENT', 'FAILED', 'SUPPRESSED');

-- CreateTable
CREATE TABLE "notifications" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "topic" "NotificationTopic" NOT NULL,
    "channel" "NotificationChannel" NOT NULL,
    "status" "NotificationStatus" NOT NULL,
    "recipient_id" UUID,
    "order_id" UUID,
    "position" INTEGER NOT NULL,
    "content" JSONB,
    "subject" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "claim_id" UUID,
    "handed_over_at" TIMESTAMPTZ(3),
    "unsubscribe_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "announcements" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "about" TEXT[],
    "content" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "announcements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stock_levels" (
    "product_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "is_low" BOOLEAN NOT NULL,

    CONSTRAINT "stock_levels_pkey" PRIMARY KEY ("product_id")
);

-- CreateTable
CREATE TABLE "preferences" (
    "user_id" UUID NOT NULL,
    "locale" TEXT,
    "channels" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "preferences_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "erased_accounts" (
    "user_id" UUID NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erased_accounts_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "activation" (
    "id" INTEGER NOT NULL,
    "activated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "activation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID,
    "action" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "details" JSONB NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "notifications_key_key" ON "notifications"("key");

-- CreateIndex
CREATE UNIQUE INDEX "notifications_unsubscribe_hash_key" ON "notifications"("unsubscribe_hash");

-- CreateIndex
CREATE INDEX "notifications_created_at_id_idx" ON "notifications"("created_at", "id");

-- CreateIndex
CREATE INDEX "notifications_recipient_id_created_at_id_idx" ON "notifications"("recipient_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "notifications_status_created_at_id_idx" ON "notifications"("status", "created_at", "id");

-- CreateIndex
CREATE INDEX "notifications_topic_created_at_id_idx" ON "notifications"("topic", "created_at", "id");

-- CreateIndex
CREATE INDEX "notifications_order_id_created_at_id_idx" ON "notifications"("order_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "announcements_key_key" ON "announcements"("key");

-- CreateIndex
CREATE INDEX "announcements_created_at_idx" ON "announcements"("created_at");

-- CreateIndex
CREATE INDEX "audit_entries_subject_id_id_idx" ON "audit_entries"("subject_id", "id");

-- CreateIndex
CREATE INDEX "audit_entries_actor_id_id_idx" ON "audit_entries"("actor_id", "id");

-- The two lanes of sending: messages about accounts do not wait behind others.
CREATE INDEX "notifications_urgent_due_at_idx" ON "notifications"("due_at") WHERE "status" = 'QUEUED' AND "topic" = 'ACCOUNT';
CREATE INDEX "notifications_normal_due_at_idx" ON "notifications"("due_at") WHERE "status" = 'QUEUED' AND "topic" <> 'ACCOUNT';
-- Finds the earlier messages of an order, for which a later one waits.
CREATE INDEX "notifications_queued_order_id_idx" ON "notifications"("order_id", "position", "id") WHERE "status" = 'QUEUED';
CREATE INDEX "announcements_due_at_idx" ON "announcements"("due_at") WHERE "done_at" IS NULL;

ALTER TABLE "notifications"
    ADD CONSTRAINT "notifications_attempts_check" CHECK ("attempts" >= 0),
    ADD CONSTRAINT "notifications_sent_at_check" CHECK (("status" = 'SENT') = ("sent_at" IS NOT NULL)),
    -- A message that waits for nothing more keeps neither a claim nor what it said.
    ADD CONSTRAINT "notifications_claim_check" CHECK ("claim_id" IS NULL OR "status" = 'QUEUED'),
    ADD CONSTRAINT "notifications_content_check" CHECK ("content" IS NULL OR "status" IN ('QUEUED', 'FAILED'));
ALTER TABLE "activation" ADD CONSTRAINT "activation_one_row_check" CHECK ("id" = 1);

-- Events from before this moment send nothing: an installation that exists does not write to its customers about old orders.
INSERT INTO "activation" ("id", "activated_at") VALUES (1, clock_timestamp());

-- The log only grows: nobody rewrites history by a statement of a service.
CREATE FUNCTION "refuse_change_of_audit"() RETURNS trigger LANGUAGE plpgsql AS
E'BEGIN RAISE EXCEPTION ''The audit log cannot be changed. Append another entry.''\x3B END';

CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_audit"();
