-- AlterTable
ALTER TABLE "refunds" ADD COLUMN     "failure_reported_at" TIMESTAMPTZ(3);
