import { join } from 'node:path';
import type { AddCommand } from '../command-line/context.ts';
import { createKubernetesSecret, writeSecrets } from '../secrets/write-secrets.ts';

export const addSecrets: AddCommand = (shop, { terminal, root }) => {
  shop
    .command('secrets')
    .summary('write .env for containers, with new passwords and keys')
    .description(
      'Write .env from .env.example with new passwords and keys, for docker compose. A file that exists is never changed: ' +
        'the databases were made with its passwords.',
    )
    .option('--output <file>', 'the file to write', '.env')
    .option('--kubernetes', 'print a Secret for kubectl instead, and write no file')
    .addHelpText(
      'after',
      `
Examples:
  npm run secrets
  npm run secrets --silent -- --kubernetes | kubectl create --namespace shop-staging -f -`,
    )
    .action(async ({ output, kubernetes }: { readonly output: string; readonly kubernetes?: true }) => {
      if (kubernetes) {
        terminal.print(JSON.stringify(await createKubernetesSecret(join(root, '.env.example')), null, 2));
        return;
      }
      await writeSecrets(join(root, '.env.example'), output);
      terminal.print(`New secrets were written to ${output}. The administrator's password is its ADMIN_PASSWORD.`);
    });
};
