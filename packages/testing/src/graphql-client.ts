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

export interface GraphqlClient {
  /** The answer as it came, errors and all. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  execute<Data = any>(
    query: string,
    variables?: object,
    headers?: Record<string, string>,
  ): Promise<GraphqlAnswer<Data>>;
  /** The data of an answer without errors; otherwise throws with the query, the variables and the whole answer. */
  request<Data = any>(query: string, variables?: object): Promise<Data>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** The same client with an access token. */
  as(accessToken: string): GraphqlClient;
}

/** A client of a GraphQL endpoint. */
export function graphqlClient(url: string, accessToken?: string): GraphqlClient {
  const execute: GraphqlClient['execute'] = async (query, variables = {}, headers = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    try {
      const { data, errors } = JSON.parse(text);
      return { status: response.status, data, errors };
    } catch {
      throw new Error(`${url} answered ${response.status} without JSON:\n${text.slice(0, 2_000)}`);
    }
  };
  return {
    execute,
    request: async (query, variables) => {
      const answer = await execute(query, variables);
      if (answer.errors || !answer.data) {
        throw new Error(`The answer has errors.\n${query}\n${JSON.stringify({ variables, answer }, null, 2)}`);
      }
      return answer.data;
    },
    as: (token) => graphqlClient(url, token),
  };
}
