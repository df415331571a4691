/** The header that names the writes of mutations, of answers and of requests. */
const header = 'x-version-token';

/** A gateway keeps nothing for longer, so that later reads see the write anyway. */
const lifetimeMs = 300_000;

/** Remembers what mutations have written, so that no later read misses it, whatever gateway answers. */
export class VersionTokens {
  readonly #now: () => number;
  /** The last token of each service. */
  readonly #tokens = new Map<string, { readonly token: string; readonly at: number }>();

  /** @param now milliseconds; default: those of the clock */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes in the tokens of an answer. */
  read(headers: Pick<Headers, 'get'>): void {
    for (const token of headers.get(header)?.split(',') ?? []) {
      const [service = ''] = token.trim().split('.');
      if (service !== '') this.#tokens.set(service, { token: token.trim(), at: this.#now() });
    }
  }

  /** Adds the tokens to a request. */
  write(headers: Headers): void {
    for (const [service, { at }] of this.#tokens) if (this.#now() - at > lifetimeMs) this.#tokens.delete(service);
    if (this.#tokens.size > 0) headers.set(header, [...this.#tokens.values()].map(({ token }) => token).join(','));
  }
}
