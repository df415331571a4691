// `npm run bench -- NAME`: sets the checkout up and runs a benchmark against a system of its own.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/set-up.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
await setUp({ root });
await import('../dist/bench.js');
