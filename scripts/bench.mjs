// @ts-check
// `npm run bench -- NAME`: sets the checkout up, and runs a benchmark against its own system.
import { setUpProject } from './setup/project.mjs';

await setUpProject();
await import(/** @type {string} */ ('../dist/bench.js'));
