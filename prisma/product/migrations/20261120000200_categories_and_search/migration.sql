-- A trusted extension: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS "pg_trgm";

-- What Prisma does not model: functions. They come first, since a generated column needs them.

-- Punctuation parts words ("USB-C", "AB_12.3") and an apostrophe does not ("women's"): a text and a search for it are
-- cut in the same places. \x3B is a semicolon: Prisma's driver adapters cut a migration at each one.
CREATE FUNCTION "search_text"("text" TEXT) RETURNS TEXT LANGUAGE SQL IMMUTABLE PARALLEL SAFE STRICT
RETURN translate("text", E'!"#$%&()*+,-./:\x3B<=>?@[\\]^_`{|}~\'', repeat(' ', 31));

-- What a search looks through. Weights: A the name, B the SKU, C the description. `simple` keeps words as they are, for
-- whoever types the beginning of one; `english` finds "phone" for "phones".
CREATE FUNCTION "product_document"("name" TEXT, "sku" TEXT, "description" TEXT) RETURNS TSVECTOR
LANGUAGE SQL IMMUTABLE PARALLEL SAFE STRICT
RETURN setweight(to_tsvector('simple', search_text("name")) || to_tsvector('english', search_text("name")), 'A')
    || setweight(to_tsvector('simple', search_text("sku")) || to_tsvector('english', search_text("sku")), 'B')
    || setweight(to_tsvector('english', search_text("description")), 'C');

-- CreateTable
CREATE TABLE "categories" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "parent_id" UUID,

    CONSTRAINT "categories_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product_words" (
    "word" TEXT NOT NULL,

    CONSTRAINT "product_words_pkey" PRIMARY KEY ("word")
);

-- AlterTable
ALTER TABLE "products" ADD COLUMN "category_id" UUID,
ADD COLUMN "search_document" tsvector GENERATED ALWAYS AS (product_document("name", "sku", "description")) STORED;

-- CreateIndex
CREATE UNIQUE INDEX "categories_slug_key" ON "categories"("slug");

-- CreateIndex
CREATE INDEX "categories_parent_id_idx" ON "categories"("parent_id");

-- CreateIndex
CREATE INDEX "product_words_word_idx" ON "product_words" USING GIN ("word" gin_trgm_ops);

-- CreateIndex. Without the pending list of `fastupdate`, which each search would read from end to end.
CREATE INDEX "products_search_document_idx" ON "products" USING GIN ("search_document") WITH (fastupdate = off);

-- AddForeignKey
ALTER TABLE "categories" ADD CONSTRAINT "categories_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "products" ADD CONSTRAINT "products_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The rest is what Prisma does not model.

-- A parent is there before its child and is never changed, so longer cycles cannot come to be.
ALTER TABLE "categories" ADD CONSTRAINT "categories_parent_check" CHECK ("parent_id" <> "id");
ALTER TABLE "categories" ADD CONSTRAINT "categories_slug_check" CHECK ("slug" ~ '^[a-z0-9-]{1,64}$');

-- One index for each order in which customers list products, of the shop and of a category. "C" compares bytes: the same
-- on every machine. Ids are UUIDv7, which grow with time: their order is that of creation.
CREATE INDEX "products_name_idx" ON "products" ((left(lower("name"), 100)) COLLATE "C", "id") WHERE "on_sale";
CREATE INDEX "products_price_idx" ON "products" ("price_minor", "id") WHERE "on_sale";
CREATE INDEX "products_category_idx" ON "products" ("category_id", "id") WHERE "on_sale";
CREATE INDEX "products_category_name_idx" ON "products" ("category_id", (left(lower("name"), 100)) COLLATE "C", "id") WHERE "on_sale";
CREATE INDEX "products_category_price_idx" ON "products" ("category_id", "price_minor", "id") WHERE "on_sale";

-- Low stock, fewest first.
CREATE INDEX "stocks_available_idx" ON "stocks" (("on_hand" - "reserved"), "product_id");

-- The words that products were ever described with: what a misspelt word is compared to. Far fewer than products, and
-- written by the database, so that no way of adding products misses one. Sorted, so that two writers do not deadlock.
CREATE FUNCTION "learn_product_words"() RETURNS trigger LANGUAGE plpgsql AS
E'BEGIN
    INSERT INTO product_words (word)
    SELECT DISTINCT word
      FROM changed, unnest(tsvector_to_array(to_tsvector(\'simple\', search_text(changed.name || \' \' || changed.description)))) AS word
     WHERE word ~ \'^[^0-9]{3,40}$\'
     ORDER BY word
    ON CONFLICT DO NOTHING\x3B
    RETURN NULL\x3B
END';

CREATE TRIGGER "products_learn_inserted_words" AFTER INSERT ON "products"
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "learn_product_words"();
CREATE TRIGGER "products_learn_updated_words" AFTER UPDATE ON "products"
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "learn_product_words"();

INSERT INTO "product_words" ("word")
SELECT DISTINCT word
  FROM "products", unnest(tsvector_to_array(to_tsvector('simple', search_text("name" || ' ' || "description")))) AS word
 WHERE word ~ '^[^0-9]{3,40}$';
