import { DateTime, MinorUnits } from '@shop/graphql';
import { type CompleteResolvers } from '@shop/subgraph';
import { Category } from './Category.ts';
import { Inventory } from './Inventory.ts';
import { adjustStock } from './Mutation/adjustStock.ts';
import { createCategory } from './Mutation/createCategory.ts';
import { createProduct } from './Mutation/createProduct.ts';
import { deleteProduct } from './Mutation/deleteProduct.ts';
import { updateProduct } from './Mutation/updateProduct.ts';
import { Product } from './Product.ts';
import { availability } from './Query/availability.ts';
import { categories } from './Query/categories.ts';
import { category } from './Query/category.ts';
import { lowStock } from './Query/lowStock.ts';
import { product } from './Query/product.ts';
import { productBySku } from './Query/productBySku.ts';
import { products } from './Query/products.ts';
import type { Resolvers } from './schema-types.ts';

export const resolvers = {
  DateTime,
  MinorUnits,
  Query: { availability, categories, category, lowStock, product, productBySku, products },
  Mutation: { adjustStock, createCategory, createProduct, deleteProduct, updateProduct },
  Category,
  Product,
  Inventory,
} satisfies CompleteResolvers<Resolvers>;
