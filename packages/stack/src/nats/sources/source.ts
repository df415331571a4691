import type { Report } from '@shop/process';
import type { NatsBinary } from '../version.ts';

/** One place to get a nats-server from. */
export interface NatsSource {
  /** For the terminal, for example `nats-server on the PATH`. */
  readonly name: string;
  /**
   * Returns a program that runs here, or `null` when this source has none; the reason goes to `report` where it helps.
   *
   * @throws ExpectedError only when the person asked for this very source.
   */
  find(report: Report): Promise<NatsBinary | null>;
}
