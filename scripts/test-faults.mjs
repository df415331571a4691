// `npm run test:faults`: sets the checkout up, and kills and freezes parts of a system of its own while it sells; see docs/testing-faults.md.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/set-up.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
await setUp({ root });
await import('../dist/faults.js');
