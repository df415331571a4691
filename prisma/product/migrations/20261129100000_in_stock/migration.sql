-- AlterTable. Products that exist are in stock at first, which writes none of them: most are, and a later migration
-- corrects the others. A new product has no stock yet.
ALTER TABLE "products" ADD COLUMN "in_stock" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "products" ALTER COLUMN "in_stock" SET DEFAULT false;
