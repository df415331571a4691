import { issuesFrom, plainLine, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import type { PaymentProvider } from '../payments/provider.ts';

export interface PayOrderInput {
  readonly orderId: string;
  readonly paymentToken: string;
  readonly idempotencyKey: string;
}

const idempotencyKey = plainLine(200).trim().min(1);

type Parsed = { readonly idempotencyKey: string } | { readonly issues: readonly InputIssue[] };

/**
 * Returns the normalised idempotency key, or everything that is wrong with the input. Messages never quote the token.
 */
export function parsePayOrder(input: PayOrderInput, provider: Pick<PaymentProvider, 'isToken'>): Parsed {
  const parsed = z.object({ idempotencyKey }).safeParse(input);
  const issues = [
    ...(provider.isToken(input.paymentToken)
      ? []
      : [{ path: 'paymentToken', message: 'is not a token of the payment provider' }]),
    ...(parsed.success ? [] : issuesFrom(parsed.error)),
  ];
  return parsed.success && issues.length === 0 ? parsed.data : { issues };
}
