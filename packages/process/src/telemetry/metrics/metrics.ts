import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Collector, type CollectorOptions, type GaugeDescription, type Sample } from './collector.ts';

export type { Counter, Histogram } from 'prom-client';

/** Names a metric. The name has the unit of the values at its end: `_seconds`, `_bytes`, or `_total` for a counter. */
export interface MetricOptions<Label extends string> extends GaugeDescription<Label> {
  readonly name: string;
}

/** The bounds of durations that a person or a call waits for, in seconds: from a cache to a timeout. */
export const callBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The bounds of durations of work that may wait for another service, in seconds. */
export const workBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/**
 * The pause of the timer by which Node measures how late its loop of events is, and with it the least value that is measured. Each process
 * wakes up so often: at 10 ms, the default, that was most of what the whole system used without requests.
 */
const loopPrecisionMs = 500;

/**
 * The metrics of one process. The composition root creates it and passes it down: parts register what they measure. Names begin with
 * `shop_`.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #collectors: Collector[] = [];

  constructor() {
    const up = new Gauge({
      name: 'shop_collector_up',
      help: 'Whether the gauges of a collector could be read: 0 when its source is away or slow. Then they are absent',
      labelNames: ['collector'],
      registers: [this.#registry],
      collect: async () => {
        await Promise.all(this.#collectors.map((collector) => collector.refresh()));
        for (const { name, isUp } of this.#collectors) up.set({ collector: name }, isUp ? 1 : 0);
      },
    });
  }

  counter<Label extends string>({ labels = [], ...names }: MetricOptions<Label>): Counter<Label> {
    return new Counter({ ...names, labelNames: [...labels], registers: [this.#registry] });
  }

  /** @param options.buckets upper bounds in the unit of the name, such as {@link callBuckets} */
  histogram<Label extends string>(
    options: MetricOptions<Label> & { readonly buckets: readonly number[] },
  ): Histogram<Label> {
    const { labels = [], buckets, ...names } = options;
    return new Histogram({ ...names, buckets: [...buckets], labelNames: [...labels], registers: [this.#registry] });
  }

  /**
   * Adds a gauge that is read at each scrape.
   *
   * @param options.read returns values that are at hand: it must not wait. Labels that it leaves out are absent.
   */
  gauge(options: MetricOptions<string> & { readonly read: () => number | readonly Sample[] }): void {
    const { labels = [], read, ...names } = options;
    const gauge: Gauge = new Gauge({
      ...names,
      labelNames: [...labels],
      registers: [this.#registry],
      collect: () => setSamples(gauge, read()),
    });
  }

  /**
   * Adds a counter that is read at each scrape from a part that counts by itself.
   *
   * @param options.read returns the counts since the start
   */
  total(options: MetricOptions<string> & { readonly read: () => readonly Sample[] }): void {
    const { labels = [], read, ...names } = options;
    const counter: Counter = new Counter({
      ...names,
      labelNames: [...labels],
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        for (const { labels: of = {}, value } of read()) counter.inc({ ...of }, value);
      },
    });
  }

  /** Adds gauges whose values must be asked for, such as those of a database. A scrape never waits longer than their timeout. */
  collect(options: CollectorOptions): void {
    const collector = new Collector(options);
    this.#collectors.push(collector);
    for (const [name, { help, labels = [] }] of Object.entries(options.gauges)) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [this.#registry],
        collect: async () => {
          await collector.refresh();
          setSamples(gauge, collector.read(name));
        },
      });
    }
  }

  /** Adds what Node knows of the process: processor, memory, event loop, garbage collection. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: loopPrecisionMs });
  }

  /** The text that Prometheus reads. */
  async scrape(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}

/** Replaces the values of a gauge. */
function setSamples(gauge: Gauge, samples: number | readonly Sample[]): void {
  gauge.reset();
  // A gauge without labels is 0 after a reset, and absent after this.
  gauge.remove({});
  if (typeof samples === 'number') gauge.set(samples);
  else for (const { labels = {}, value } of samples) gauge.set({ ...labels }, value);
}
