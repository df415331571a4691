import { commands } from '../commands/index.ts';
import type { CommandContext } from './context.ts';
import { exitCodesHelp } from './exit-codes.ts';
import { ShopCommand } from './shop-command.ts';

/** The program with all its commands. */
export function createProgram(context: CommandContext): ShopCommand {
  const program = new ShopCommand('npm run shop --');
  program
    .description('The commands of this project.')
    .option('--debug', 'show the stack of an error; the variable DEBUG does the same')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => context.terminal.print(text.trimEnd()),
      getOutHelpWidth: () => 110,
      getOutHasColors: () => false,
    })
    .addHelpText('afterAll', `\n${exitCodesHelp}`);
  for (const addCommand of commands) addCommand(program, context);
  return program;
}
