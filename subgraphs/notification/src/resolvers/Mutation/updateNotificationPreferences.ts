import { requireUser } from '@shop/access';
import { invalidInput } from '@shop/subgraph';
import { updatePreferences } from '../../use-cases/update-preferences.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { toPreferences } from '../to-preferences.ts';

export const updateNotificationPreferences: MutationResolvers['updateNotificationPreferences'] = async (
  _root,
  { input },
  context,
) => {
  const outcome = await updatePreferences(context, input, requireUser(context.viewer));
  switch (outcome.kind) {
    case 'updated':
      return {
        __typename: 'UpdateNotificationPreferencesSuccess',
        preferences: toPreferences(outcome.preferences),
      };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    default:
      return outcome satisfies never;
  }
};
