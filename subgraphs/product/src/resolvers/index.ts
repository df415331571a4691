import { DateTime, MinorUnits } from '@shop/graphql';
import { type CompleteResolvers } from '@shop/subgraph';
import { Category } from './Category.ts';
import { Inventory } from './Inventory.ts';
import { adjustStock } from './Mutation/adjustStock.ts';
import { createCategory } from './Mutation/createCategory.ts';
import { createProduct } from './Mutation/createProduct.ts';
import { deleteCategory } from './Mutation/deleteCategory.ts';
import { deleteProduct } from './Mutation/deleteProduct.ts';
import { importProducts } from './Mutation/importProducts.ts';
import { moveCategory } from './Mutation/moveCategory.ts';
import { updateCategory } from './Mutation/updateCategory.ts';
import { updateProduct } from './Mutation/updateProduct.ts';
import { Product } from './Product.ts';
import { Query } from './Query.ts';
import type { Resolvers } from './schema-types.ts';

export const resolvers = {
  DateTime,
  MinorUnits,
  Query,
  Mutation: {
    adjustStock,
    createCategory,
    createProduct,
    deleteCategory,
    deleteProduct,
    importProducts,
    moveCategory,
    updateCategory,
    updateProduct,
  },
  Category,
  Product,
  Inventory,
} satisfies CompleteResolvers<Resolvers>;
