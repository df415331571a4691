import { errorCodes, isExposedCode, maskedCode } from '@shop/process';
import type { GraphQLFormattedError } from 'graphql';

/** The members that `extensions` may have beside the code. This is an allow list, since libraries add more members. */
const exposedExtensions = ['code', 'service', 'scope', 'limit', 'actual', 'requestId'] as const;

/** The parts of a masked error that developers see, when that is switched on. */
const reasonExtensions = ['reason', 'stacktrace', 'service'] as const;

export interface ExposeOptions {
  readonly requestId?: string | undefined;
  /** True when a masked error keeps its reason and its stack. Never in production. Default: false. */
  readonly exposeReasons?: boolean;
}

/**
 * The form of an error that may leave the process. An error with an exposed code keeps its message. Any other becomes
 * `INTERNAL_SERVER_ERROR` with a general message and the request id. The log has the reason under that id.
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
