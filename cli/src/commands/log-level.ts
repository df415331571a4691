import { Argument } from 'commander';
import { type LogLevel, logLevels, maxLevelMinutes } from '@shop/process';
import { type ProcessName, processNames } from '@shop/stack';
import type { AddCommand } from '../command-line/context.ts';
import { jsonOption, wholeNumber } from '../command-line/options.ts';
import { formatTable } from '../command-line/table.ts';
import { askLogLevel, readMetricsAddress } from '../log-level/log-level.ts';

export const addLogLevel: AddCommand = (shop, { terminal, env }) => {
  shop
    .command('log-level')
    .description(
      'Show the level of the logs of running processes, or change it for some minutes. ' +
        'It works on the machine or in the container of the process.',
    )
    .addArgument(new Argument('[process]', 'all of them by default').choices([...processNames, 'all']))
    .addArgument(new Argument('[level]', 'the new level').choices([...logLevels]))
    .option('--minutes <minutes>', 'then the level is the configured one again', wholeNumber(1, maxLevelMinutes), 15)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  npm run shop -- log-level
  npm run shop -- log-level order debug --minutes 5
  docker compose exec order node dist/shop.js log-level order debug`,
    )
    .action(
      async (
        process: ProcessName | 'all' | undefined,
        level: LogLevel | undefined,
        { minutes, json }: { readonly minutes: number; readonly json?: true },
      ) => {
        const address = readMetricsAddress(env);
        const names = process === undefined || process === 'all' ? processNames : [process];
        const change = level === undefined ? undefined : { level, minutes };
        const states = await Promise.all(
          names.map(async (name) => ({ process: name, ...(await askLogLevel(name, address, change)) })),
        );
        if (json === true) return terminal.print(JSON.stringify(states, null, 2));
        const rows = states.map((state) => [state.process, state.level, state.configured, state.until ?? '-']);
        return terminal.print(formatTable(['PROCESS', 'LEVEL', 'CONFIGURED', 'UNTIL'], rows));
      },
    );
};
