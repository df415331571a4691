import { changeFrames } from './stack-frames.ts';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface GraphqlAnswer<Data> {
  readonly status: number;
  readonly data: Data | null | undefined;
  readonly errors: readonly GraphqlError[] | undefined;
}

/** An operation with the types of its variables and its result, such as those of `@shop/client`. */
export interface TypedOperation<Data, Variables> {
  readonly body: string;
  readonly __apiType?: (variables: Variables) => Data;
}

/**
 * A client that sends exactly one HTTP request for each call: no retries, no cache, no session. It takes typed operations, and raw
 * text for requests that the typed client cannot make.
 */
export interface GraphqlClient {
  /** Sends an operation, and returns the answer with its errors. */
  execute<Data, Variables>(
    operation: TypedOperation<Data, Variables>,
    variables: NoInfer<Variables>,
    headers?: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<GraphqlAnswer<Data>>;
  /** Sends text, and returns the answer with its errors. */
  execute<Data = unknown>(
    text: string,
    variables?: object,
    headers?: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<GraphqlAnswer<Data>>;
  /**
   * Sends an operation, and returns its data.
   *
   * @throws Error with the operation, the variables and the whole answer when the answer has errors
   */
  request<Data, Variables>(operation: TypedOperation<Data, Variables>, variables: NoInfer<Variables>): Promise<Data>;
  request<Data = unknown>(text: string, variables?: object): Promise<Data>;
  /** The same client with an access token. */
  as(accessToken: string): GraphqlClient;
}

/** Creates a client of a GraphQL endpoint. Its errors have the operation, the variables and the request id. */
export function graphqlClient(url: string, accessToken?: string): GraphqlClient {
  async function send<Data>(
    operation: string | TypedOperation<Data, never>,
    variables: object = {},
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<{ answer: GraphqlAnswer<Data>; describe: () => string }> {
    const query = typeof operation === 'string' ? operation : operation.body;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
      signal: signal ?? null,
    });
    const text = await response.text();
    const describe = (): string =>
      [
        `status ${response.status}, request id ${response.headers.get('x-request-id') ?? 'unknown'}`,
        query,
        JSON.stringify(variables, null, 2),
        text.slice(0, 20_000),
      ].join('\n');
    try {
      const { data, errors } = JSON.parse(text) as Pick<GraphqlAnswer<Data>, 'data' | 'errors'>;
      return { answer: { status: response.status, data, errors }, describe };
    } catch {
      throw atCaller(new Error(`${url} answered without JSON: ${describe()}`));
    }
  }
  return {
    execute: async <Data>(...args: Parameters<typeof send<Data>>) => (await send<Data>(...args)).answer,
    async request<Data>(operation: string | TypedOperation<Data, never>, variables?: object): Promise<Data> {
      const { answer, describe } = await send<Data>(operation, variables);
      if (answer.errors || !answer.data) throw atCaller(new Error(`The answer has errors: ${describe()}`));
      return answer.data;
    },
    as: (token) => graphqlClient(url, token),
  };
}

/** Removes the frames of this file from an error's stack, so that a failed test shows the line of the test. */
function atCaller(error: Error): Error {
  changeFrames(error, (frames) => frames.filter((frame) => !frame.includes(import.meta.filename)));
  return error;
}
