// `npm run shop -- COMMAND …`: sets the checkout up where it is not, and runs a command of cli/ in this same process.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/set-up.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const program = path.join(root, 'dist/shop.js');
process.chdir(root);

// Help does no work: where there is a program that can show it, that one does, even if it is out of date.
const wantsHelp = process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h');
// Standard output belongs to the command, whose result may be JSON.
const report = (line) => process.stderr.write(`${line}\n`);
if (!wantsHelp || !existsSync(program)) await setUp({ root, report, compose: false, graphiql: false, quiet: true });
await import(program);
