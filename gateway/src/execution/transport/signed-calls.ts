import { CallSigner, type InternalTokenSigner, type Viewer } from '@shop/process';
import type { SubgraphAnswer } from './answer-reader.ts';
import type { SubgraphClient } from './subgraph-client.ts';

/** The calls to one subgraph, with tokens that prove the viewer. */
export class SignedCalls {
  readonly #client: SubgraphClient;
  readonly #signer: CallSigner;

  constructor(options: { client: SubgraphClient; signer: InternalTokenSigner }) {
    this.#client = options.client;
    this.#signer = new CallSigner({ signer: options.signer, audience: options.client.name });
  }

  /** @throws SubgraphCallError */
  post(options: {
    viewer: Viewer;
    body: string;
    headers: Readonly<Record<string, string>>;
    /** See {@link SubgraphClient.postGraphQL}. */
    isRepeatable?: (() => boolean) | undefined;
    /** The same. */
    group?: string | undefined;
    /** The same. */
    deadlineMs?: number | undefined;
  }): Promise<SubgraphAnswer> {
    const { viewer, body, headers, isRepeatable, group, deadlineMs } = options;
    // An instance can only check the answer to its own challenge.
    const sending = { route: {}, isRepeatable, group, deadlineMs };
    return this.#signer.send(
      viewer,
      (signed) => this.#client.postGraphQL(body, addHeaders(headers, signed), sending),
      findChallenge,
    );
  }
}

function addHeaders(
  headers: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  const all = { ...headers };
  for (const name in more) all[name] = more[name] as string;
  return all;
}

function findChallenge({ status, clockChallenge }: SubgraphAnswer): string | undefined {
  return status === 401 ? clockChallenge : undefined;
}
