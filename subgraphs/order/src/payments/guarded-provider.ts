import type { Logger } from '@shop/process';
import { isProviderFailure, OutcomeUnknown, type PaymentProvider } from './provider.ts';

/** Milliseconds that each call may take. Their sum stays below the gateway's request timeout. */
export interface ProviderLimits {
  readonly charge: number;
  readonly refund: number;
  readonly findCharge: number;
}

const usual: ProviderLimits = { charge: 2_500, refund: 1_000, findCharge: 1_000 };

/**
 * Adds time limits to a provider. A call without an answer in time, or with an unclear error, throws
 * `OutcomeUnknown`.
 * The log reports once that calls fail and once that they work again.
 */
export function guardProvider(
  provider: PaymentProvider,
  logger: Logger,
  limits: ProviderLimits = usual,
): PaymentProvider {
  let isFailing = false;
  async function guarded<Answer>(call: keyof ProviderLimits, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await within(limits[call], ask());
      if (isFailing) logger.info({ call }, 'the payment provider answers again');
      isFailing = false;
      return answer;
    } catch (error) {
      if (!isFailing) logger.warn({ err: error, call }, 'the payment provider does not answer');
      isFailing = true;
      if (isProviderFailure(error)) throw error;
      throw new OutcomeUnknown('the payment provider failed', { cause: error });
    }
  }
  return {
    isToken: (token) => provider.isToken(token),
    charge: (request) => guarded('charge', () => provider.charge(request)),
    async refund(request) {
      const answer = await guarded('refund', () => provider.refund(request));
      if (answer.kind === 'refused')
        logger.error(
          { refund: request.key, payment: request.chargeKey, reason: answer.reason },
          'the payment provider refuses a refund',
        );
      return answer;
    },
    findCharge: (key) => guarded('findCharge', () => provider.findCharge(key)),
  };
}

async function within<Answer>(milliseconds: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new OutcomeUnknown(`no answer in ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
