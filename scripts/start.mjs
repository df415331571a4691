// `npm start`: sets the checkout up and starts the system in this same process, so that a signal has one place to go to.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/set-up.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
await setUp({ root });
await import('../dist/start.js');
