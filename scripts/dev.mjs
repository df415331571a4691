// @ts-check
// `npm run dev`: sets the checkout up, starts the system, and restarts the services that a changed file affects.
import { setUpProject } from './setup/project.mjs';

await setUpProject();
await import(/** @type {string} */ ('../dist/dev.js'));
