import { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

/** The command line of `npm run test:attacks`. */
export function createAttacksProgram(run: () => Promise<void>): ShopCommand {
  const program = new ShopCommand('npm run test:attacks --').exitOverride();
  program
    .description(
      'Attack a running system in production mode with hostile and excessive requests, and print what stopped each.',
    )
    .action(() => run());
  return program;
}
