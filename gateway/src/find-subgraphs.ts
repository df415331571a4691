import { serviceNames } from '@shop/contracts';
import { ExpectedError, isSocketUrl, SocketUrlError } from '@shop/process';
import { nameUrlVariable, type SubgraphUrls } from './config.ts';
import { defaultPath, readEndpoint } from './execution/transport/subgraph-endpoint.ts';
import type { Supergraph } from './supergraph/index.ts';

/** A subgraph of the supergraph, with the place where it is. */
export interface Subgraph {
  readonly name: string;
  /** One for each instance. */
  readonly urls: readonly string[];
  /**
   * True for a service of this project: it is in the table of services, and its endpoint is `/graphql`. It has routes for health, knows
   * our scalars, and one of them issues access tokens. Nothing of that is expected from any other subgraph.
   */
  readonly isService: boolean;
}

/**
 * Finds the URLs of all subgraphs: those that are configured, or else the routing URL of the supergraph.
 *
 * @throws ExpectedError that names the variables to set
 */
export function findSubgraphs(supergraph: Supergraph, configured: SubgraphUrls): ReadonlyMap<string, Subgraph> {
  const found = new Map<string, Subgraph>();
  const owners = new Map<string, string>();
  const mistakes: string[] = [];
  for (const { name, url } of supergraph.subgraphs.values()) {
    const variable = nameUrlVariable(name);
    const other = owners.get(variable);
    owners.set(variable, name);
    const routed = readRoutingUrl(url);
    const urls = configured[variable] ?? routed.urls;
    if (other !== undefined)
      mistakes.push(`The subgraphs "${other}" and "${name}" share the variable ${variable}. Rename one of them.`);
    if (urls.length === 0)
      mistakes.push(
        `The subgraph "${name}" has no URL: its routing URL ${routed.mistake}. ` +
          `Set ${variable}, or compose a URL of HTTP into the supergraph.`,
      );
    const isService = isServiceName(name) && urls.every((each) => readEndpoint(each).path === defaultPath);
    found.set(name, { name, urls, isService });
  }
  if (mistakes.length > 0) throw new ExpectedError(mistakes.join('\n'));
  return found;
}

const isServiceName = (name: string): boolean => (serviceNames as readonly string[]).includes(name);

/** The URL as a list; or an empty one, and what is wrong with the URL. */
function readRoutingUrl(url: string): { readonly urls: readonly string[]; readonly mistake?: string } {
  if (!isSocketUrl(url)) {
    const isHttp = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
    return isHttp ? { urls: [url] } : { urls: [], mistake: `is "${url}"` };
  }
  try {
    readEndpoint(url);
    return { urls: [url] };
  } catch (error) {
    if (error instanceof SocketUrlError) return { urls: [], mistake: `"${url}" ${error.message}` };
    throw error;
  }
}
