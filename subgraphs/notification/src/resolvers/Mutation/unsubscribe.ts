import { invalidInput, userError } from '@shop/subgraph';
import { unsubscribe as unsubscribeUseCase } from '../../use-cases/unsubscribe.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const unsubscribe: MutationResolvers['unsubscribe'] = async (_root, { input }, context) => {
  const outcome = await unsubscribeUseCase(context, input);
  switch (outcome.kind) {
    case 'unsubscribed':
      return { __typename: 'UnsubscribeSuccess', topic: outcome.topic };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'invalid-token':
      return userError('InvalidToken', 'The link is not valid, or no longer.');
    default:
      return outcome satisfies never;
  }
};
