CREATE INDEX "product_words_sketch_idx" ON "product_words" USING GIN (search_sketch("word") gin_trgm_ops);

-- CreateIndex. Without the pending list of `fastupdate`, which each search would read from end to end.
CREATE INDEX "products_search_words_idx" ON "products" USING GIN ("search_words") WITH (fastupdate = off);

-- The lists by name, of the shop and of a category. The indexes by the bytes of the name and "search_document" serve the
-- previous release, and are dropped with the next one.
CREATE INDEX "products_named_idx" ON "products" ((left("name", 100)) COLLATE "product_names", "id") WHERE "on_sale";
CREATE INDEX "products_category_named_idx"
    ON "products" ("category_id", (left("name", 100)) COLLATE "product_names", "id") WHERE "on_sale";
