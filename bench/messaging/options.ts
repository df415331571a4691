import { InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface MessagingOptions {
  /** Settings of the broker's `sync_interval`. */
  readonly sync: readonly string[];
  /** Events of each round. */
  readonly events: number;
  /** Rounds after the warm-up. */
  readonly rounds: number;
}

/** Adds the command `messaging`. */
export function addMessaging(program: ShopCommand, run: (options: MessagingOptions) => Promise<void>): void {
  program
    .command('messaging')
    .description('Send events through outbox, JetStream and inbox. Takes about three minutes.')
    .option('--sync <settings>', 'settings of the broker\'s sync_interval: "always" or durations', readSettings, [
      'always',
      '1s',
      '10s',
      '2m',
    ])
    .option('--events <number>', 'events of each round', wholeNumber(1, 9_999_999), 10_000)
    .option('--rounds <number>', 'rounds after the warm-up', wholeNumber(1, 1_000), 5)
    .action((options: MessagingOptions) => run(options));
}

function readSettings(text: string): readonly string[] {
  const settings = text.split(',');
  if (settings.every((setting) => /^(always|[1-9]\d{0,4}[smh])$/.test(setting))) return settings;
  throw new InvalidArgumentError('It must be "always" and durations such as 10s, separated by commas.');
}
