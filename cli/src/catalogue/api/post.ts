import { NotAllowed, Refused, Unavailable } from './failures.ts';

const TIMEOUT_MS = 30_000;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** One request. @throws Unavailable, NotAllowed or Refused, by what the answer says. */
export async function post<Data>(url: string, token: string | null, query: string, variables: object): Promise<Data> {
  const answer = await send(url, token, JSON.stringify({ query, variables }));
  const [error] = answer.errors ?? [];
  if (error !== undefined) {
    const code = error.extensions?.code;
    if (code === 'SERVICE_UNAVAILABLE' || code === 'TOO_MANY_REQUESTS') throw new Unavailable(error.message);
    if (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') throw new NotAllowed(code, error.message);
    throw new Refused(error.message);
  }
  if (answer.data === undefined || answer.data === null) throw new Refused('the answer has no data');
  return answer.data as Data;
}

async function send(url: string, token: string | null, body: string): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if ([429, 502, 503, 504].includes(response.status)) throw new Unavailable(`${url} answered ${response.status}`);
    return (
      parse(text) ?? {
        errors: [{ message: `${url} answered ${response.status} without JSON: is it the GraphQL endpoint?` }],
      }
    );
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    const { cause, message } = error as Error & { cause?: { code?: string } };
    throw new Unavailable(`${url} does not answer (${cause?.code ?? message})`);
  }
}

function parse(text: string): Answer | null {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' ? answer : null;
  } catch {
    return null;
  }
}
