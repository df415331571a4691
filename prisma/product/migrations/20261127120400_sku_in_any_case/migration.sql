-- A SKU is one in any case. Nobody but the shop knows which of two products should have another one.
DO $$
DECLARE
    duplicates TEXT;
    many INT;
BEGIN
    SELECT string_agg(skus, '; ') FILTER (WHERE place <= 50), count(*) INTO duplicates, many
      FROM (SELECT string_agg(format('%s (id %s%s)', "sku", "id", CASE WHEN "on_sale" THEN '' ELSE ', off sale' END), ' and ' ORDER BY "id")
                   AS skus, row_number() OVER (ORDER BY lower("sku" COLLATE "C")) AS place
              FROM "products" GROUP BY lower("sku" COLLATE "C") HAVING count(*) > 1) AS groups;
    IF many > 0 THEN
        RAISE EXCEPTION '% SKUs differ only in upper and lower case from another one: %. Run the previous release and give each product a SKU of its own with updateProduct',
            many, duplicates;
    END IF;
END $$;

CREATE UNIQUE INDEX "products_sku_any_case_key" ON "products" (lower("sku" COLLATE "C"));
