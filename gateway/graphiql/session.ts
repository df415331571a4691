/** The parts of a GraphQL request. */
export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** Values that later operations can use, with their paths in the answers. */
const remembered: Readonly<Record<string, readonly string[]>> = {
  productId: ['products.nodes.0.id'],
  orderId: ['placeOrder.order.id'],
  accessToken: ['register.tokens.accessToken', 'login.tokens.accessToken'],
};

/** The tab that provides each value. */
const sources: Readonly<Record<string, string>> = { productId: 'Products', orderId: 'PlaceOrder' };

/**
 * The values that this page knows from earlier answers. They are kept in memory only, so a reload of the page signs out.
 *
 * @param createUuid makes a new value for each `{{uuid}}`
 */
export function createSession(createUuid: () => string) {
  const values = new Map<string, string>();

  return {
    /** Replaces variables such as `"{{productId}}"` with values from earlier answers. @throws Error for an unknown value */
    fillVariables(request: GraphqlRequest): GraphqlRequest {
      if (request.variables == null) return request;
      const variables = Object.entries(request.variables).map(([name, value]) => [name, fill(value)]);
      return { ...request, variables: Object.fromEntries(variables) as Record<string, unknown> };
    },

    /** Adds the access token of the last sign-in when the header has none. */
    addToken(headers: Readonly<Record<string, string>>): Record<string, string> {
      const token = values.get('accessToken');
      const name = Object.keys(headers).find((each) => each.toLowerCase() === 'authorization') ?? 'Authorization';
      const { [name]: given = '', ...others } = headers;
      if (!/^(Bearer)?\s*$/i.test(given)) return { ...headers };
      return token === undefined ? others : { ...others, [name]: `Bearer ${token}` };
    },

    /** Keeps the values that later operations need. */
    remember(data: unknown): void {
      for (const [name, paths] of Object.entries(remembered)) {
        const found = paths.map((path) => readPath(data, path)).find((value) => typeof value === 'string');
        if (typeof found === 'string') values.set(name, found);
      }
    },

    /** Forgets an access token that the gateway rejected. */
    signOut(): void {
      values.delete('accessToken');
    },
  };

  function fill(value: unknown): unknown {
    const name = typeof value === 'string' ? /^\{\{(\w+)\}\}$/.exec(value)?.[1] : undefined;
    if (name === undefined) return value;
    if (name === 'uuid') return createUuid();
    const known = values.get(name);
    if (known !== undefined) return known;
    const source = sources[name];
    const advice = source === undefined ? 'Write a value' : `Run ${source} first, or write a value`;
    throw new Error(`{{${name}}} is unknown. ${advice} in Variables.`);
  }
}

function readPath(data: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], data);
}
