import { clockExchange, internalToken, type InternalTokenSigner, type Viewer } from '@shop/process';
import type { SubgraphAnswer } from './answer-reader.ts';
import type { SubgraphClient } from './subgraph-client.ts';

/** Each replica has its own challenge, and behind one address the next request may reach another. So this many can be new. */
const MAX_ATTEMPTS = 9;
/** The number of challenges in one proof. */
const MAX_CHALLENGES = 16;

/**
 * The calls to one subgraph, with tokens that prove the viewer. A subgraph that does not know this gateway's clock refuses a call
 * before it reads the body. So it is safe to repeat the call with the proof, also for a mutation.
 */
export class SignedCalls {
  readonly #client: SubgraphClient;
  readonly #signer: InternalTokenSigner;
  #challenges: { readonly text: string; readonly receivedAt: number }[] = [];

  constructor(options: { client: SubgraphClient; signer: InternalTokenSigner }) {
    this.#client = options.client;
    this.#signer = options.signer;
  }

  /** @throws SubgraphCallError */
  async post(options: {
    viewer: Viewer;
    body: string;
    headers: Readonly<Record<string, string>>;
    /** See {@link SubgraphClient.postGraphQL}. */
    isRepeatable?: () => boolean;
    /** The same. */
    deadlineMs?: number;
  }): Promise<SubgraphAnswer> {
    const { viewer, body, headers, isRepeatable, deadlineMs } = options;
    // An instance can only check the answer to its own challenge.
    const route = {};
    let proof: string | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const token = await this.#signer.sign(viewer, this.#client.name);
      const proven = proof === undefined ? {} : { [clockExchange.proofHeader]: proof };
      const sent = { ...headers, [internalToken.header]: token, ...proven };
      const answer = await this.#client.postGraphQL(body, sent, {
        route,
        ...(isRepeatable === undefined ? {} : { isRepeatable }),
        ...(deadlineMs === undefined ? {} : { deadlineMs }),
      });
      const { status, clockChallenge } = answer;
      if (status !== 401 || clockChallenge === undefined || attempt === MAX_ATTEMPTS) return answer;
      proof = await this.#prove(clockChallenge);
    }
  }

  /** Answers this challenge and other recent ones: the next request may reach a replica that challenged an earlier call. */
  #prove(text: string): Promise<string> {
    this.#challenges = [...this.#challenges, { text, receivedAt: performance.now() }]
      .filter((challenge) => !isOld(challenge))
      .slice(-MAX_CHALLENGES);
    return this.#signer.proveClock(
      this.#client.name,
      this.#challenges.map((challenge) => challenge.text),
    );
  }
}

function isOld({ receivedAt }: { readonly receivedAt: number }): boolean {
  return performance.now() - receivedAt > clockExchange.maxSeconds * 1000;
}
