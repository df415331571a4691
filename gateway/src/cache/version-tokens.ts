import { randomBytes } from 'node:crypto';

/** The header with version tokens, of answers to mutations and of later requests. */
export const versionTokenHeader = 'x-version-token';

/** The number of the invalidation after which a caller's reads of a service must have begun, by service. */
export type Freshness = ReadonlyMap<string, number>;

/** More services than a mutation writes, and room for the longest names. Longer texts are none of ours. */
const maxTokens = 32;
const maxLength = 2_048;

/** Tokens of other gateways that are remembered. One that was forgotten counts as new, which costs its caller a few reads. */
const maxForeign = 10_000;

/** The text of the tokens of an answer. Undefined where nothing was written. */
export function joinTokens(tokens: ReadonlyMap<string, string> | undefined): string | undefined {
  return tokens && [...tokens.values()].join(',');
}

const pattern = /^([\w-]{1,64})\.([\w-]{1,24})\.(\d{1,15})$/;

/**
 * Names the writes of mutations, so that a caller who sends the name back never reads an older state, whatever gateway it asks.
 *
 * A gateway needs to know nothing about a write of another one but that it is over: all that it reads after it has first seen the token is
 * newer.
 */
export class VersionTokens {
  /** Tells the tokens of this process from those of others. */
  readonly #process = randomBytes(9).toString('base64url');
  /** The number at which a token of another process was first seen. */
  readonly #foreign = new Map<string, number>();
  readonly #options: { readonly now: () => number; readonly advance: () => number };

  /**
   * @param options.now the number of the last invalidation
   * @param options.advance makes a new number, and keeps later reads from joining earlier ones
   */
  constructor(options: { now: () => number; advance: () => number }) {
    this.#options = options;
  }

  /** @param number that of the invalidation with which the write was noted */
  issue(service: string, number: number): string {
    return `${service}.${this.#process}.${number}`;
  }

  /**
   * The freshness that a caller needs.
   *
   * @param header tokens, separated by commas; a malformed one is ignored
   */
  read(header: string): Freshness | undefined {
    if (header.length > maxLength) return undefined;
    const freshness = new Map<string, number>();
    for (const token of header.split(',', maxTokens)) {
      const [text, service, process, number] = pattern.exec(token.trim()) ?? [];
      if (text === undefined || service === undefined) continue;
      const least = process === this.#process ? this.#limit(Number(number)) : this.#findForeign(text);
      freshness.set(service, Math.max(least, freshness.get(service) ?? 0));
    }
    return freshness.size === 0 ? undefined : freshness;
  }

  /** A number that was never given out would make its sender miss the cache for ever. */
  #limit(number: number): number {
    return Math.min(number, this.#options.now());
  }

  #findForeign(token: string): number {
    const known = this.#foreign.get(token);
    if (known !== undefined) return known;
    const [oldest] = this.#foreign.keys();
    if (this.#foreign.size >= maxForeign && oldest !== undefined) this.#foreign.delete(oldest);
    const number = this.#options.advance();
    this.#foreign.set(token, number);
    return number;
  }
}
