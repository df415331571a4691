import { createCodedError } from '@shop/graphql';
import { Attachment } from '@shop/process';
import { findClient, type GatewayContext } from '../context.ts';
import type { CostMeter } from '../limits/index.ts';
import type { RequestRecord } from '../telemetry/request-record.ts';
import type { CheckedOperation, Stage } from '../stage.ts';
import type { Budget, RateLimiter } from './rate-limiter.ts';

/** A request costs this at least: it is received, checked and answered. */
const minimum = 1;

/** The cost of a request that is refused for its document: it was parsed and validated for nothing. */
const refused = 10;

/**
 * Charges each client for the estimated cost of its operations. A client is its user, or else its address. One that has spent its
 * budget gets 429 and the seconds to wait.
 */
export function limitRate(options: { limiter: RateLimiter; meter: CostMeter }): Pick<Stage, 'check' | 'plugin'> {
  const { limiter, meter } = options;
  /** A request is charged once. Apollo Server copies contexts, and the record stays the same object. */
  const charged = new Attachment<RequestRecord, { readonly budget: Budget; readonly points: number }>();

  async function charge(context: GatewayContext, points: number): Promise<Budget> {
    const budget = await limiter.spend(findClient(context), points);
    charged.set(context.record, { budget, points });
    return budget;
  }

  return {
    async check({ document, operation, variables, context, headers }) {
      if (operation === undefined) return;
      const known = charged.get(context.record);
      const points = known?.points ?? Math.max(minimum, meter(document, operation, variables));
      const budget = known?.budget ?? (await charge(context, points));
      describe(budget, headers);
      if (!budget.isExceeded) return;
      headers.set('retry-after', String(budget.resetSeconds));
      throw createCodedError('RATE_LIMITED', {
        message: `You have spent your ${budget.limit} points of this minute. Wait ${budget.resetSeconds} seconds.`,
        extensions: { limit: budget.limit, actual: points },
        setsStatus: true,
      });
    },
    plugin: {
      async requestDidStart() {
        return {
          async didEncounterErrors({ contextValue, response }) {
            if (charged.get(contextValue.record) === undefined)
              describe(await charge(contextValue, refused), response.http.headers);
          },
        };
      },
    },
  };
}

function describe({ limit, remaining, resetSeconds }: Budget, headers: CheckedOperation['headers']): void {
  headers.set('ratelimit-limit', String(limit));
  headers.set('ratelimit-remaining', String(remaining));
  headers.set('ratelimit-reset', String(resetSeconds));
}
