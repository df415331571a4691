import { requireUser } from '@shop/access';
import { invalidInput } from '@shop/subgraph';
import { importProducts as importProductsUseCase } from '../../use-cases/import-products.ts';
import type { ImportOutcome, MutationResolvers } from '../schema-types.ts';

const outcomes = {
  created: 'CREATED',
  updated: 'UPDATED',
  unchanged: 'UNCHANGED',
  refused: 'REFUSED',
} as const satisfies Record<string, ImportOutcome>;

export const importProducts: MutationResolvers['importProducts'] = async (_root, { input }, context) => {
  const outcome = await importProductsUseCase(context, input, requireUser(context.viewer));
  switch (outcome.kind) {
    case 'imported':
      return {
        __typename: 'ImportProductsSuccess',
        products: outcome.products.map(({ kind, ...product }) => ({ ...product, outcome: outcomes[kind] })),
      };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    default:
      return outcome satisfies never;
  }
};
