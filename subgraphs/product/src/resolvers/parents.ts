// The value that the resolvers of a schema type receive, where it differs from the schema.
import type { AuditConnection, Connection, ListCounts } from '@shop/subgraph';
import type { StockMovement } from '../db/stock-movements.ts';
import type { Category } from '../domain/category.ts';
import type { Product } from '../domain/product.ts';
import type { Stock } from '../domain/stock.ts';

/** Runs a count only when the field is selected. */
type Counted<Node> = Connection<Node> & ListCounts;

export type ProductParent = Product;
export type ProductConnectionParent = Counted<Product>;
export type CategoryParent = Category;
export type InventoryParent = Stock;
export type StockMovementParent = StockMovement;
export type StockMovementConnectionParent = Counted<StockMovement>;

export type AuditConnectionParent = AuditConnection;
