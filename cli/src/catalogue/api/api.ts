import { Complaint } from '../complaint.ts';
import { NotAllowed, Unavailable } from './failures.ts';
import { post } from './post.ts';
import { type Backoff, retry } from './retry.ts';

export interface Api {
  /**
   * The data of an answer without errors. Tries again what is unavailable.
   *
   * @throws Refused when the API refuses this request.
   * @throws Complaint when no request can go well: nobody answers, or the caller may not do this.
   */
  request<Data>(query: string, variables?: object): Promise<Data>;
}

export interface ApiOptions {
  readonly url: string;
  /** The access token; called again when it is no longer taken. */
  readonly signIn: () => Promise<string>;
  readonly backoff?: Backoff;
}

export function openApi({ url, signIn, backoff }: ApiOptions): Api {
  let token: Promise<string> | null = null;
  const authorized = async <Data>(query: string, variables: object): Promise<Data> => {
    const mine = (token ??= signIn());
    try {
      return await post<Data>(url, await mine, query, variables);
    } catch (error) {
      if (!(error instanceof NotAllowed && error.code === 'UNAUTHENTICATED')) throw error;
      if (token === mine) token = null; // of many requests at once, one signs in
    }
    return post<Data>(url, await (token ??= signIn()), query, variables);
  };
  return {
    request: (query, variables = {}) =>
      retry(() => authorized<never>(query, variables), backoff).catch((error: unknown) => {
        if (error instanceof Unavailable)
          throw new Complaint(`${error.message}. Run it again later: what is done stays done.`);
        if (error instanceof NotAllowed) throw new Complaint(explain(error));
        throw error;
      }),
  };
}

function explain({ code, message }: NotAllowed): string {
  if (code === 'FORBIDDEN')
    return `${message} The token needs the scopes product:write, inventory:read and inventory:write: those of STAFF or ADMIN.`;
  return `${message} The access token is not taken; it may have expired. Give another with --token, or use --admin.`;
}
