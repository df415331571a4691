import type { ExitCode } from './exit-codes.ts';
import type { ShopCommand } from './shop-command.ts';
import type { Terminal } from './terminal.ts';

/** The process environment of a command. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** The root of the project: relative paths start here. */
  readonly root: string;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Sets the exit code of a command that completed and found a problem. */
  setExitCode(code: ExitCode): void;
}

/** Adds one command, with its subcommands, to the program. */
export type AddCommand = (shop: ShopCommand, context: CommandContext) => void;
