import { findAccounts } from '@shop/contracts';
import { RequestFailed, type Broker } from '@shop/messaging';
import type { EmailState } from '../domain/email-state.ts';

const TIMEOUT_MS = 2_000;

/** Asks the user service whether the e-mail of an account is verified, and waits two seconds for the answer. */
export function createEmailQuestion(broker: Broker) {
  return async (userId: string): Promise<EmailState> => {
    try {
      const answer = await broker.request(findAccounts, { userIds: [userId] }, { timeoutMs: TIMEOUT_MS });
      const [account] = findAccounts.response.parse(answer).accounts;
      if (!account?.active) return 'no-account';
      return account.emailVerified ? 'verified' : 'not-verified';
    } catch (error) {
      if (error instanceof RequestFailed) return 'unknown';
      throw error;
    }
  };
}
