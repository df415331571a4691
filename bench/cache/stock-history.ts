import pg from 'pg';

/** The stock of each product in the database over the time, as far as a query every few milliseconds shows it. */
export class StockHistory {
  readonly #client: pg.Client;
  readonly #intervalMs: number;
  /** By product, in the last answer. */
  readonly #current = new Map<string, number>();
  /** By product. When each quantity was first missing in an answer, in milliseconds. */
  readonly #replacedAt = new Map<string, Map<number, number>>();
  #isStopped = false;
  #watching: Promise<void> | undefined;

  constructor(databaseUrl: string, options: { intervalMs: number }) {
    this.#client = new pg.Client({ connectionString: databaseUrl });
    this.#intervalMs = options.intervalMs;
  }

  async start(): Promise<void> {
    await this.#client.connect();
    await this.#look();
    this.#watching = this.#watch();
  }

  /**
   * By how many milliseconds an answer was out of date when it was asked for: 0 for a quantity that the database had then, or got later.
   * It is too small by up to the interval.
   */
  findAge(productId: string, quantity: number, askedAt: number): number {
    const replacedAt = this.#replacedAt.get(productId)?.get(quantity);
    return replacedAt === undefined ? 0 : Math.max(0, askedAt - replacedAt);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#watching;
    await this.#client.end();
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      await this.#look();
      await new Promise((resolve) => setTimeout(resolve, this.#intervalMs));
    }
  }

  async #look(): Promise<void> {
    const { rows } = await this.#client.query<{ id: string; quantity: number }>(
      'SELECT product_id AS id, on_hand - reserved AS quantity FROM stocks',
    );
    const now = performance.now();
    for (const { id, quantity } of rows) {
      const previous = this.#current.get(id);
      if (previous === quantity) continue;
      this.#current.set(id, quantity);
      let replaced = this.#replacedAt.get(id);
      if (replaced === undefined) this.#replacedAt.set(id, (replaced = new Map()));
      if (previous !== undefined) replaced.set(previous, now);
      replaced.delete(quantity);
    }
  }
}
