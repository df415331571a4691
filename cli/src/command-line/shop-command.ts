import { Command } from 'commander';
import { UsageError } from './failures.ts';

/** Commander's command, with our way to report wrong usage. */
export class ShopCommand extends Command {
  override createCommand(name?: string): ShopCommand {
    return new ShopCommand(name);
  }

  /** Every mistake in the command line ends here, Commander's and ours. */
  override error(message: string): never {
    const [text = '', ...suggestion] = message.replace(/^error: /, '').split('\n');
    const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
    const hint = suggestion.map((line) => ` ${line.replace(/^\((.*)\)$/, '$1')}`).join('');
    throw new UsageError(`${sentence}${hint} See: ${this.commandPath()} --help`);
  }

  /** Shows the help of a group of commands when no command is named. This is not a failure. */
  override help(): never {
    return super.help({ error: false });
  }

  /** The full name, such as `npm run shop -- events resend`. */
  private commandPath(): string {
    return this.parent instanceof ShopCommand ? `${this.parent.commandPath()} ${this.name()}` : this.name();
  }
}
