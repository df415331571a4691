-- What only searches and lists by name of the release before the last one read. Each product that is written costs a third
-- less without them.
DROP INDEX "products_name_idx";
DROP INDEX "products_category_name_idx";
-- Accepted (old-version): the version before neither reads nor writes it: Prisma has no value of its type, and no SQL names it.
ALTER TABLE "products" DROP COLUMN "search_document";
DROP FUNCTION "product_document"(TEXT, TEXT, TEXT);
DROP FUNCTION "search_text"(TEXT);
