import { GraphqlError, HttpError, NetworkError, SessionEndedError, TimeoutError } from '@shop/client';
import { ExpectedError } from '@shop/process';
import { UnavailableError } from '../../command-line/failures.ts';

/** The API or this command rejects one row. Other rows may be accepted. */
export class RefusedError extends ExpectedError {
  override name = 'RefusedError';
}

const RUN_AGAIN = 'Run the command again later: finished rows are left alone.';

/**
 * Turns an error of the client into one for a person.
 *
 * @returns RefusedError when only this request is rejected; another ExpectedError when no request can succeed.
 */
export function explainApiError(error: unknown, url: string): unknown {
  if (error instanceof TimeoutError) return new UnavailableError(`${url} does not answer in time. ${RUN_AGAIN}`);
  if (error instanceof NetworkError)
    return new UnavailableError(`${url} does not answer (${networkCode(error)}). ${RUN_AGAIN}`);
  if (error instanceof HttpError) return new UnavailableError(explainStatus(error.status, url));
  if (error instanceof SessionEndedError)
    return new ExpectedError('The session was ended on the server. Run the command again to sign in again.');
  if (error instanceof GraphqlError) return explainGraphqlError(error);
  return error;
}

function networkCode({ cause }: NetworkError): string {
  const { cause: reason, message } = (cause ?? {}) as { cause?: { code?: string }; message?: string };
  return reason?.code ?? message ?? 'no reason given';
}

function explainStatus(status: number, url: string): string {
  if ([429, 502, 503, 504].includes(status)) return `${url} answered ${status}. ${RUN_AGAIN}`;
  return `${url} answered ${status} without GraphQL: is it the GraphQL endpoint?`;
}

function explainGraphqlError({ code, errors }: GraphqlError): ExpectedError {
  const message = errors[0]?.message ?? 'The answer has no data.';
  switch (code) {
    case 'SERVICE_UNAVAILABLE':
    case 'TOO_MANY_REQUESTS':
      return new UnavailableError(`${message} ${RUN_AGAIN}`);
    case 'FORBIDDEN':
      return new ExpectedError(
        `${message} The token needs the scopes product:write, inventory:read and inventory:write. ` +
          `Accounts with the role STAFF or ADMIN have them.`,
      );
    case 'UNAUTHENTICATED':
      return new ExpectedError(
        `${message} The access token is not valid, or has expired. Give another with --token, or use --admin.`,
      );
    default:
      return new RefusedError(message);
  }
}
