import { DateTime, MinorUnits } from '@shop/service';
import { Inventory } from './Inventory.ts';
import { adjustStock } from './Mutation/adjustStock.ts';
import { createProduct } from './Mutation/createProduct.ts';
import { Product } from './Product.ts';
import { product } from './Query/product.ts';
import { productBySku } from './Query/productBySku.ts';
import { products } from './Query/products.ts';

export const resolvers = {
  DateTime,
  MinorUnits,
  Query: { product, productBySku, products },
  Mutation: { adjustStock, createProduct },
  Product,
  Inventory,
};
