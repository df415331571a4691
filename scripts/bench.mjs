// @ts-check
// `npm run bench -- NAME`: sets the checkout up, and runs a benchmark against its own system.
import { isHelpReady, setUpProject } from './setup/project.mjs';

if (!isHelpReady('dist/bench.js')) await setUpProject();
await import(/** @type {string} */ ('../dist/bench.js'));
