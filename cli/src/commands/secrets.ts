import { join } from 'node:path';
import type { AddCommand } from '../command-line/context.ts';
import { writeSecrets } from '../secrets/write-secrets.ts';

export const addSecrets: AddCommand = (shop, { terminal, root }) => {
  shop
    .command('secrets')
    .summary('write .env for containers, with new passwords and keys')
    .description(
      'Write .env from .env.example with new passwords and keys, for docker compose. A file that exists is never changed: ' +
        'the databases were made with its passwords.',
    )
    .option('--output <file>', 'the file to write', '.env')
    .addHelpText('after', `\nExample:\n  npm run secrets`)
    .action(async ({ output }: { readonly output: string }) => {
      await writeSecrets(join(root, '.env.example'), output);
      terminal.print(`New secrets were written to ${output}. The administrator's password is its ADMIN_PASSWORD.`);
    });
};
