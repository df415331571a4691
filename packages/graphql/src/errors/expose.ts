import { errorCodes, isExposedCode, maskedCode } from '@shop/process';
import type { GraphQLFormattedError } from 'graphql';

/** What may stand in `extensions` beside the code. It is a list of what is allowed, since libraries add more of their own. */
const exposedExtensions = ['code', 'service', 'scope', 'limit', 'actual', 'requestId'] as const;

/** What a masked error keeps for the developer, where that is switched on. */
const reasonExtensions = ['reason', 'stacktrace', 'service'] as const;

export interface ExposeOptions {
  readonly requestId?: string | undefined;
  /** Whether a masked error keeps its reason and its stack. Never in production. Default: false. */
  readonly exposeReasons?: boolean;
}

/**
 * The form of an error that may leave the process. An error with an exposed code keeps its message. Any other becomes
 * `INTERNAL_SERVER_ERROR` with a general message and the request id, by which the reason can be found in the log.
 */
export function exposeError(error: GraphQLFormattedError, options: ExposeOptions = {}): GraphQLFormattedError {
  const { requestId, exposeReasons = false } = options;
  const place = {
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    ...(error.path === undefined ? {} : { path: error.path }),
  };
  const given = error.extensions ?? {};
  if (isExposedCode(given['code'])) {
    return { message: error.message, ...place, extensions: pick(given, exposedExtensions) };
  }
  return {
    message: errorCodes[maskedCode].message,
    ...place,
    extensions: {
      code: maskedCode,
      ...(requestId === undefined ? {} : { requestId }),
      ...(exposeReasons ? pick(given, reasonExtensions) : {}),
    },
  };
}

/** The reason of an error as `extensions`, for {@link ExposeOptions.exposeReasons}. */
export function describeReason(error: unknown): { reason: string; stacktrace: readonly string[] } {
  if (!(error instanceof Error)) return { reason: String(error), stacktrace: [] };
  return { reason: error.message, stacktrace: (error.stack ?? '').split('\n').map((line) => line.trim()) };
}

function pick(given: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
}
