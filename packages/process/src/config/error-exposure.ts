import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { fields } from './fields.ts';

/** The variables that expose the reasons of unexpected errors to clients, for the `shape` of `loadConfig`. */
export const errorExposureFields = {
  NODE_ENV: z.string().default('development'),
  EXPOSE_ERRORS: fields.flag(false),
};

/**
 * True when clients see the reason and the stack of unexpected errors. Only `npm run dev` may set EXPOSE_ERRORS.
 *
 * @throws ConfigError when NODE_ENV is production, since reasons can contain addresses, queries and secrets
 */
export function readErrorExposure(
  service: string,
  { NODE_ENV, EXPOSE_ERRORS }: { readonly NODE_ENV: string; readonly EXPOSE_ERRORS: boolean },
): boolean {
  if (EXPOSE_ERRORS && NODE_ENV === 'production') {
    throw new ConfigError(service, [
      'EXPOSE_ERRORS=true is not allowed where NODE_ENV=production: clients would see stack traces. Unset EXPOSE_ERRORS.',
    ]);
  }
  return EXPOSE_ERRORS;
}
