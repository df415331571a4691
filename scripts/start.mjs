// @ts-check
// `npm start`: sets the checkout up, and starts the system in this same process, so that there is one process to signal.
import { setUpProject } from './setup/project.mjs';

await setUpProject();
await import(/** @type {string} */ ('../dist/start.js'));
