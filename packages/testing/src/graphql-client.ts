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

/** Creates a client of a GraphQL endpoint. */
export function graphqlClient(url: string, accessToken?: string): GraphqlClient {
  async function execute<Data>(
    operation: string | TypedOperation<Data, never>,
    variables: object = {},
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<GraphqlAnswer<Data>> {
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
    try {
      const { data, errors } = JSON.parse(text) as Pick<GraphqlAnswer<Data>, 'data' | 'errors'>;
      return { status: response.status, data, errors };
    } catch {
      throw new Error(`${url} answered ${response.status} without JSON:\n${text.slice(0, 2_000)}`);
    }
  }
  return {
    execute,
    async request<Data>(operation: string | TypedOperation<Data, never>, variables?: object): Promise<Data> {
      const answer = await execute<Data>(operation, variables);
      if (answer.errors || !answer.data) {
        const text = typeof operation === 'string' ? operation : operation.body;
        throw new Error(`The answer has errors.\n${text}\n${JSON.stringify({ variables, answer }, null, 2)}`);
      }
      return answer.data;
    },
    as: (token) => graphqlClient(url, token),
  };
}
