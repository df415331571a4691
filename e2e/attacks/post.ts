/** The parts of an answer that tell how a request was stopped. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
  /** The codes of its errors. */
  readonly codes: readonly string[];
}

/**
 * Posts a request.
 *
 * @param body an object that is sent as JSON; `text` is sent as it is
 * @param address what a proxy says is the client's address
 * @param accessToken of the client who sends it; none by default
 */
export async function post(url: string, body: unknown, address = '10.0.0.1', accessToken?: string): Promise<Reply> {
  const { text } = body as { text?: string };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': address,
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    },
    body: text ?? JSON.stringify(body),
  });
  const { data, errors = [] } = (await response.json()) as {
    data?: unknown;
    errors?: readonly { readonly extensions?: { readonly code?: string } }[];
  };
  return {
    status: response.status,
    headers: response.headers,
    data,
    codes: errors.map(({ extensions }) => extensions?.code ?? 'no code'),
  };
}
