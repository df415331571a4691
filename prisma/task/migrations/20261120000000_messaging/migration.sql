-- Tables of @shop/messaging: outbox, inbox and dead letters of one service.
-- The first part is what Prisma generates from messaging.prisma, the second is what Prisma does not model.

-- CreateTable
CREATE TABLE "outbox" (
    "sequence" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "aggregate_id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),
    "stream_created" TIMESTAMPTZ(3),
    "stream_sequence" BIGINT,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "inbox" (
    "consumer" TEXT NOT NULL,
    "message_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("consumer","message_id")
);

-- CreateTable
CREATE TABLE "dead_letters" (
    "id" UUID NOT NULL,
    "consumer" TEXT NOT NULL,
    "stream" TEXT NOT NULL,
    "stream_sequence" BIGINT NOT NULL,
    "message_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT NOT NULL,
    "deliveries" INTEGER NOT NULL,
    "failed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resend_requested_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "dead_letters_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "outbox_id_key" ON "outbox"("id");

-- CreateIndex
CREATE INDEX "outbox_stream_created_stream_sequence_idx" ON "outbox"("stream_created", "stream_sequence");

-- CreateIndex
CREATE INDEX "inbox_received_at_idx" ON "inbox"("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "dead_letters_consumer_message_id_key" ON "dead_letters"("consumer", "message_id");

-- A published row names the place that the broker promised, a pending row names none.
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_published_check" CHECK (
    ("published_at" IS NULL) = ("stream_created" IS NULL) AND ("published_at" IS NULL) = ("stream_sequence" IS NULL)
);

-- The relay's queue: pending rows only, so it stays small however long published rows are kept.
CREATE INDEX "outbox_pending_idx" ON "outbox"("sequence") WHERE "published_at" IS NULL;

-- Each row passes through that index once and leaves a dead entry at its front, where the relay starts to read.
-- Vacuum must come by number of rows: the default, a fifth of a table that holds a week, would come far too late.
ALTER TABLE "outbox" SET (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05
);

-- Dead letters that nobody has dealt with: listed, counted and looked through for requests to resend.
CREATE INDEX "dead_letters_unresolved_idx" ON "dead_letters"("consumer", "id") WHERE "resolved_at" IS NULL;

ALTER TABLE "dead_letters" ADD CONSTRAINT "dead_letters_deliveries_check" CHECK ("deliveries" >= 1);

-- Wakes the relay when the transaction commits. Once a statement, and equal notifications of a transaction are sent once.
-- \x3B is a semicolon: Prisma's driver adapters cut a migration at each one, also inside of a function's body.
CREATE FUNCTION "notify_outbox"() RETURNS trigger LANGUAGE plpgsql AS
E'BEGIN PERFORM pg_notify(\'outbox\', \'\')\x3B RETURN NULL\x3B END';

CREATE TRIGGER "outbox_notify" AFTER INSERT ON "outbox"
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_outbox"();
