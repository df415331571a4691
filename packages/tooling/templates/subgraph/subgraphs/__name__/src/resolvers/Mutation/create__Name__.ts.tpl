import { requireUser } from '@shop/access';
import { invalidInput, userError } from '@shop/subgraph';
import { create__Name__ as create__Name__UseCase } from '../../use-cases/create-__name__.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const create__Name__: MutationResolvers['create__Name__'] = async (_root, { input }, context) => {
  const outcome = await create__Name__UseCase(context, input, requireUser(context.viewer));
  switch (outcome.kind) {
    case 'created':
      return { __typename: 'Create__Name__Success', __name__: outcome.__name__ };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'idempotency-conflict':
      return userError('IdempotencyConflict', 'The idempotency key was used before with another input.');
    default:
      return outcome satisfies never;
  }
};
