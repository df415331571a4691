import { forbidden, unauthenticated } from '@shop/access';
import { invalidInput, userError } from '@shop/subgraph';
import { createUser as createUserUseCase } from '../../use-cases/create-user.ts';
import { unavailableWhenBusy } from '../hasher-busy.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

const busy = unavailableWhenBusy('Too many accounts are being opened; try again later.');

export const createUser: MutationResolvers['createUser'] = async (_root, { input }, context) => {
  const outcome = await createUserUseCase(context, { ...input }, requireSignedIn(context)).catch(busy);
  switch (outcome.kind) {
    case 'created':
      return { __typename: 'CreateUserSuccess', user: outcome.user };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'email-taken':
      return userError('EmailTaken', 'Another account has this e-mail.');
    case 'not-signed-in':
      throw unauthenticated();
    case 'forbidden':
      throw forbidden([[outcome.scope]]);
    default:
      return outcome satisfies never;
  }
};
