import { isSocketUrl, readSocketUrl } from '@shop/process';

/** Where an instance of a subgraph takes operations. */
export interface SubgraphEndpoint {
  /** Scheme, host and port; or the URL of a Unix socket, without the path of a request. */
  readonly origin: string;
  /** With the query string, if the URL has one. */
  readonly path: string;
}

/** The path of a URL that has none. */
export const defaultPath = '/graphql';

/**
 * Reads the URL of a subgraph. A URL with a path is the endpoint itself.
 *
 * @throws SocketUrlError
 */
export function readEndpoint(url: string): SubgraphEndpoint {
  if (isSocketUrl(url)) {
    const { path = '/' } = readSocketUrl(url);
    return { origin: url.replace(/\?.*/, ''), path: completePath(path) };
  }
  const { origin, pathname, search } = new URL(url);
  return { origin, path: completePath(`${pathname}${search}`) };
}

/** A path that is the root only has the default one in its place. */
const completePath = (path: string): string => path.replace(/^\/(?=\?|$)/, defaultPath);
