-- An order whose customer's account was deleted keeps the address that it is sent to until it is final. Then the address is erased, by
-- whatever statement makes the order final. The country stays: tax reports need it, and it does not identify a person.
CREATE FUNCTION "erase_address_of_final_order"() RETURNS trigger LANGUAGE plpgsql AS
E'BEGIN NEW."shipping_address" := jsonb_build_object(''recipient'', NULL, ''street'', '''', ''city'', '''', ''state'', NULL, ''postalCode'', '''', ''country'', NEW."shipping_address"->>''country'')\x3B RETURN NEW\x3B END';

CREATE TRIGGER "orders_erase_address" BEFORE UPDATE ON "orders" FOR EACH ROW
    WHEN (NEW."customer_id" IS NULL AND NEW."status" IN ('DELIVERED', 'FAILED', 'CANCELLED', 'EXPIRED') AND NEW."shipping_address"->>'street' <> '')
    EXECUTE FUNCTION "erase_address_of_final_order"();
