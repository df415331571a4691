import { clockExchange, internalToken } from './internal-token.ts';
import type { InternalTokenSigner } from './internal-token-signer.ts';
import type { Viewer } from './viewer.ts';

/** Each replica has its own challenge, and behind one address the next request may reach another. So this many can be new. */
const MAX_ATTEMPTS = 9;
/** The number of challenges in one proof. */
const MAX_CHALLENGES = 16;

/**
 * Signs the calls to one subgraph, with tokens that prove the viewer. A subgraph that does not know this process's clock refuses a call
 * before it reads the body. So it is safe to repeat the call with the proof, also for a mutation.
 */
export class CallSigner {
  readonly #signer: InternalTokenSigner;
  readonly #audience: string;
  #challenges: { readonly text: string; readonly receivedAt: number }[] = [];

  /** @param options.audience the name of the subgraph */
  constructor(options: { signer: InternalTokenSigner; audience: string }) {
    this.#signer = options.signer;
    this.#audience = options.audience;
  }

  /**
   * Sends a call, and repeats it while it is refused with a challenge: up to nine times, then the refusal is returned.
   *
   * @param send sends the call with these headers added. An error of it is passed on
   * @param findChallenge returns the header {@link clockExchange.challengeHeader} of an answer with the status 401
   */
  async send<Answer>(
    viewer: Viewer,
    send: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
    findChallenge: (answer: Answer) => string | undefined,
  ): Promise<Answer> {
    let proof: string | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const token = await this.#signer.sign(viewer, this.#audience);
      const answer = await send({
        [internalToken.header]: token,
        ...(proof === undefined ? {} : { [clockExchange.proofHeader]: proof }),
      });
      const challenge = attempt === MAX_ATTEMPTS ? undefined : findChallenge(answer);
      if (challenge === undefined) return answer;
      proof = await this.#prove(challenge);
    }
  }

  /** Answers this challenge and other recent ones: the next request may reach a replica that challenged an earlier call. */
  #prove(text: string): Promise<string> {
    this.#challenges = [...this.#challenges, { text, receivedAt: performance.now() }]
      .filter((challenge) => !isOld(challenge))
      .slice(-MAX_CHALLENGES);
    return this.#signer.proveClock(
      this.#audience,
      this.#challenges.map((challenge) => challenge.text),
    );
  }
}

function isOld({ receivedAt }: { readonly receivedAt: number }): boolean {
  return performance.now() - receivedAt > clockExchange.maxSeconds * 1000;
}
