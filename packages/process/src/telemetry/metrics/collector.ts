/** Describes a metric. */
export interface GaugeDescription<Label extends string = string> {
  /** One sentence, without the name. */
  readonly help: string;
  /** The names of its labels. Their values must be few: no ids, no texts of clients. Default: none. */
  readonly labels?: readonly Label[];
}

/** A value of a gauge that is read when metrics are scraped. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The values of gauges, by their names. */
export type Readings = Readonly<Record<string, number | readonly Sample[]>>;

export interface CollectorOptions {
  /** The value of the label `collector` of `shop_collector_up`. */
  readonly name: string;
  /** The gauges, by their names. */
  readonly gauges: Readonly<Record<string, GaugeDescription>>;
  /** Reads all of them at once. Gauges without a reading are absent. */
  readonly read: () => Promise<Readings>;
  /** Milliseconds for which a reading is used again, so that frequent scrapes do not load its source. Default: 10,000. */
  readonly maxAgeMs?: number;
  /** Milliseconds that a scrape waits for a reading. Default: 2,000. */
  readonly timeoutMs?: number;
}

/** Reads gauges from a source that may be slow or away. One reading runs at a time, whatever is scraped. */
export class Collector {
  readonly name: string;
  readonly #options: CollectorOptions;
  /** Undefined when the last reading failed. */
  #readings: Readings | undefined;
  #readAt = -Infinity;
  #running: Promise<void> | undefined;

  constructor(options: CollectorOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#readings !== undefined;
  }

  read(gauge: string): number | readonly Sample[] {
    return this.#readings?.[gauge] ?? [];
  }

  /** Makes the reading recent, or drops it when the source does not answer in time. Never rejects. */
  async refresh(): Promise<void> {
    const { maxAgeMs = 10_000, timeoutMs = 2_000 } = this.#options;
    if (performance.now() - this.#readAt < maxAgeMs) return;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#readings = undefined;
        resolve();
      }, timeoutMs);
    });
    await Promise.race([this.#running, late]);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    this.#readings = await this.#options.read().catch(() => undefined);
    this.#readAt = performance.now();
  }
}
