// @ts-check
// `npm run dev`: sets the checkout up, starts the system, and restarts what a change of a file concerns.
import { setUpProject } from './setup/project.mjs';

await setUpProject();
await import(/** @type {string} */ ('../dist/dev.js'));
