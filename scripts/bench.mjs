// @ts-check
// `npm run bench -- NAME`: sets the checkout up, and runs a benchmark against a system of its own.
import { setUpProject } from './setup/project.mjs';

await setUpProject();
await import(/** @type {string} */ ('../dist/bench.js'));
