import type { ExitCode } from './exit-codes.ts';
import type { ShopCommand } from './shop-command.ts';
import type { Terminal } from './terminal.ts';

/** What a command gets from the process that it runs in. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** The root of the project: relative paths start here. */
  readonly root: string;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Sets the exit code of a command that ran to its end and found something. */
  setExitCode(code: ExitCode): void;
}

/** Adds one command, with its subcommands, to the program. */
export type AddCommand = (shop: ShopCommand, context: CommandContext) => void;
