/** Where an instance of a subgraph takes operations. */
export interface SubgraphEndpoint {
  readonly origin: string;
  /** With the query string, if the URL has one. */
  readonly path: string;
}

/** The path of a URL that has none. */
export const defaultPath = '/graphql';

/** Reads the URL of a subgraph. A URL with a path is the endpoint itself. */
export function readEndpoint(url: string): SubgraphEndpoint {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: `${pathname === '/' ? defaultPath : pathname}${search}` };
}
