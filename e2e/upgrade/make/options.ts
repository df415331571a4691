import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { ShopCommand } from '../../../cli/src/command-line/shop-command.ts';
import { ARCHIVES } from '../manifest.ts';

export interface ArchiveOptions {
  /** The root of a checkout of the release. */
  readonly release: string;
  /** The folder of the archives. */
  readonly output: string;
}

/** The command line of `npm run upgrade:archive`. */
export function createArchiveProgram(run: (options: ArchiveOptions) => Promise<void>): ShopCommand {
  const program = new ShopCommand('npm run upgrade:archive --').exitOverride();
  program
    .description('Write the archive and the manifest of a release, from which the upgrade test starts.')
    .addOption(
      new Option('--release <folder>', 'a checkout of the release')
        .argParser(readFolder('package.json'))
        .default(process.cwd(), 'this checkout'),
    )
    .option('--output <folder>', 'the folder of the archives', readFolder('.'), ARCHIVES)
    .action((options: ArchiveOptions) => run(options));
  return program;
}

/** A parser for an option that takes a folder with this file in it. */
function readFolder(file: string): (text: string) => string {
  return (text) => {
    const folder = path.resolve(text);
    if (existsSync(path.join(folder, file))) return folder;
    throw new InvalidArgumentError(`It must be an existing folder${file === '.' ? '' : ` with a ${file}`}.`);
  };
}
