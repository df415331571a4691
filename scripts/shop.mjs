// @ts-check
// `npm run shop -- COMMAND …`: sets the checkout up, and runs a command of cli/ in this same process.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup/project.mjs';
import { setUp } from './setup/set-up.mjs';

const program = path.join(root, 'dist/shop.js');
process.chdir(root);

// Help needs no set-up: the existing program shows it, even if it is out of date.
const wantsHelp = process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h');
// Standard output belongs to the command, since its result may be JSON.
const report = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);
if (!wantsHelp || !existsSync(program))
  await setUp({ root, report, generateCommitted: false, graphiql: false, quiet: true });
await import(program);
