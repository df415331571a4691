-- A trusted extension: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS "pg_trgm";

-- CreateEnum
CREATE TYPE "ProjectRole" AS ENUM ('OWNER', 'MANAGER', 'MEMBER', 'VIEWER');

-- CreateEnum
CREATE TYPE "TaskStatus" AS ENUM ('TODO', 'IN_PROGRESS', 'BLOCKED', 'DONE', 'CANCELLED');

-- CreateEnum
CREATE TYPE "TaskPriority" AS ENUM ('LOW', 'NORMAL', 'HIGH', 'URGENT');

-- CreateEnum
CREATE TYPE "StockWatchState" AS ENUM ('STOCKED', 'LOW_UNTOLD', 'LOW', 'BACK');

-- CreateTable
CREATE TABLE "projects" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "archived" BOOLEAN NOT NULL DEFAULT false,
    "last_number" INTEGER NOT NULL DEFAULT 0,
    "member_sequence" INTEGER NOT NULL DEFAULT 0,
    "search_text" TEXT NOT NULL,
    "creator_id" UUID,
    "idempotency_key" TEXT,
    "fingerprint" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project_members" (
    "project_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "ProjectRole" NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "project_members_pkey" PRIMARY KEY ("project_id","user_id")
);

-- CreateTable
CREATE TABLE "tasks" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT,
    "status" "TaskStatus" NOT NULL,
    "priority" "TaskPriority" NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "assignee_id" UUID,
    "creator_id" UUID,
    "order_id" UUID,
    "product_id" UUID,
    "search_text" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "fingerprint" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_events" (
    "task_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "from_status" "TaskStatus",
    "to_status" "TaskStatus" NOT NULL,
    "actor_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "task_events_pkey" PRIMARY KEY ("task_id","sequence")
);

-- CreateTable
CREATE TABLE "task_comments" (
    "id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "author_id" UUID,
    "text" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "fingerprint" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "task_comments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "erased_accounts" (
    "user_id" UUID NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erased_accounts_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "stock_watches" (
    "product_id" UUID NOT NULL,
    "available" INTEGER NOT NULL,
    "sequence" INTEGER NOT NULL,
    "state" "StockWatchState" NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "task_id" UUID,

    CONSTRAINT "stock_watches_pkey" PRIMARY KEY ("product_id")
);

-- CreateTable
CREATE TABLE "failed_refunds" (
    "refund_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "order_number" TEXT,
    "amount_minor" BIGINT NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "reason" TEXT,
    "heard_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3),
    "task_id" UUID,

    CONSTRAINT "failed_refunds_pkey" PRIMARY KEY ("refund_id")
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
CREATE UNIQUE INDEX "projects_key_key" ON "projects"("key");

-- CreateIndex
CREATE INDEX "projects_created_at_id_idx" ON "projects"("created_at", "id");

-- CreateIndex
CREATE INDEX "projects_search_text_trgm_idx" ON "projects" USING GIN ("search_text" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "projects_creator_id_idempotency_key_key" ON "projects"("creator_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "project_members_user_id_project_id_idx" ON "project_members"("user_id", "project_id");

-- CreateIndex
CREATE INDEX "project_members_project_id_since_user_id_idx" ON "project_members"("project_id", "since", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "tasks_key_key" ON "tasks"("key");

-- CreateIndex
CREATE INDEX "tasks_project_id_created_at_id_idx" ON "tasks"("project_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "tasks_project_id_updated_at_id_idx" ON "tasks"("project_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "tasks_project_id_priority_id_idx" ON "tasks"("project_id", "priority", "id");

-- CreateIndex
CREATE INDEX "tasks_created_at_id_idx" ON "tasks"("created_at", "id");

-- CreateIndex
CREATE INDEX "tasks_updated_at_id_idx" ON "tasks"("updated_at", "id");

-- CreateIndex
CREATE INDEX "tasks_priority_id_idx" ON "tasks"("priority", "id");

-- CreateIndex
CREATE INDEX "tasks_assignee_id_idx" ON "tasks"("assignee_id");

-- CreateIndex
CREATE INDEX "tasks_order_id_idx" ON "tasks"("order_id");

-- CreateIndex
CREATE INDEX "tasks_product_id_idx" ON "tasks"("product_id");

-- CreateIndex
CREATE INDEX "tasks_search_text_trgm_idx" ON "tasks" USING GIN ("search_text" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "tasks_creator_id_idempotency_key_key" ON "tasks"("creator_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "task_events_actor_id_idx" ON "task_events"("actor_id");

-- CreateIndex
CREATE INDEX "task_comments_task_id_created_at_id_idx" ON "task_comments"("task_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "task_comments_author_id_idempotency_key_key" ON "task_comments"("author_id", "idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "stock_watches_task_id_key" ON "stock_watches"("task_id");

-- CreateIndex
CREATE UNIQUE INDEX "failed_refunds_task_id_key" ON "failed_refunds"("task_id");

-- CreateIndex
CREATE INDEX "audit_entries_subject_id_id_idx" ON "audit_entries"("subject_id", "id");

-- CreateIndex
CREATE INDEX "audit_entries_actor_id_id_idx" ON "audit_entries"("actor_id", "id");

-- AddForeignKey
ALTER TABLE "project_members" ADD CONSTRAINT "project_members_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_comments" ADD CONSTRAINT "task_comments_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_watches" ADD CONSTRAINT "stock_watches_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failed_refunds" ADD CONSTRAINT "failed_refunds_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "projects" ADD CONSTRAINT "projects_key_check" CHECK ("key" ~ '^[A-Z0-9]{2,16}$');
ALTER TABLE "projects" ADD CONSTRAINT "projects_request_check" CHECK (("idempotency_key" IS NULL) = ("fingerprint" IS NULL));
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_title_check" CHECK ("title" <> '');
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_due_at_check" CHECK (isfinite("due_at"));
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_completed_at_check" CHECK (("completed_at" IS NOT NULL) = ("status" = 'DONE'));
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_request_check" CHECK (("idempotency_key" IS NULL) = ("fingerprint" IS NULL));
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_status_check" CHECK ("from_status" IS DISTINCT FROM "to_status");
ALTER TABLE "task_comments" ADD CONSTRAINT "task_comments_text_check" CHECK ("text" <> '');
ALTER TABLE "task_comments" ADD CONSTRAINT "task_comments_request_check" CHECK (("idempotency_key" IS NULL) = ("fingerprint" IS NULL));
ALTER TABLE "stock_watches" ADD CONSTRAINT "stock_watches_available_check" CHECK ("available" >= 0);
ALTER TABLE "failed_refunds" ADD CONSTRAINT "failed_refunds_amount_check" CHECK ("amount_minor" > 0);

-- Tasks without a due date come last in both directions. An infinite date, at the end of the list in either, makes that one range
-- of an index.
CREATE INDEX "tasks_project_id_due_first_idx" ON "tasks"("project_id", (coalesce("due_at", 'infinity'::timestamptz)), "id");
CREATE INDEX "tasks_project_id_due_last_idx" ON "tasks"("project_id", (coalesce("due_at", '-infinity'::timestamptz)), "id");
CREATE INDEX "tasks_due_first_idx" ON "tasks"((coalesce("due_at", 'infinity'::timestamptz)), "id");
CREATE INDEX "tasks_due_last_idx" ON "tasks"((coalesce("due_at", '-infinity'::timestamptz)), "id");

-- What waits for a job.
CREATE INDEX "stock_watches_state_changed_at_idx" ON "stock_watches"("state", "changed_at") WHERE "state" IN ('LOW_UNTOLD', 'BACK');
CREATE INDEX "failed_refunds_heard_at_idx" ON "failed_refunds"("heard_at") WHERE "opened_at" IS NULL;

-- Whether an account may be written for. True means that it will not be erased before the transaction ends: an erasure takes
-- the same lock for itself. The second statement of the body sees what was committed while the first one waited.
-- \x3B is a semicolon: Prisma's driver adapters cut a migration at each one, also inside of a function's body.
CREATE FUNCTION "account_is_open"("account" UUID) RETURNS boolean LANGUAGE plpgsql VOLATILE AS
E'BEGIN PERFORM pg_advisory_xact_lock_shared(hashtextextended("account"::text, 0))\x3B RETURN NOT EXISTS (SELECT FROM "erased_accounts" WHERE "user_id" = "account")\x3B END';

-- The log only grows: nobody rewrites history by a statement of a service.
CREATE FUNCTION "refuse_change_of_audit"() RETURNS trigger LANGUAGE plpgsql AS
E'BEGIN RAISE EXCEPTION ''The audit log cannot be changed. Append another entry.''\x3B END';

CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_audit"();
