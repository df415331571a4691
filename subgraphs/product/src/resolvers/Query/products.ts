import type { PageArguments } from '@shop/service';
import type { Context } from '../../context.ts';
import { browseProducts } from '../../use-cases/browse-products.ts';

export const products = (_root: unknown, args: PageArguments, context: Context) => browseProducts(context, args);
