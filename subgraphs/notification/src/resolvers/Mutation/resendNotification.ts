import { requireUser } from '@shop/access';
import { invalidInput, userError } from '@shop/subgraph';
import { resendNotification as resendNotificationUseCase } from '../../use-cases/resend-notification.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const resendNotification: MutationResolvers['resendNotification'] = async (_root, { input }, context) => {
  const outcome = await resendNotificationUseCase(context, input, requireUser(context.viewer));
  switch (outcome.kind) {
    case 'queued':
      return { __typename: 'ResendNotificationSuccess', notification: outcome.notification };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotificationNotFound', 'There is no such message.');
    case 'not-failed':
      return userError(
        'NotificationNotFailed',
        `The message is ${outcome.status}. Only one that failed is sent again.`,
      );
    default:
      return outcome satisfies never;
  }
};
