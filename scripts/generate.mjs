// @ts-check
// `npm run generate`: bundles the tools, and generates files from schemas, contracts and operations.
import { prepareTooling } from './setup/project.mjs';

await prepareTooling();
process.argv.splice(2, 0, 'generate');
await import(/** @type {string} */ ('../dist/tooling.js'));
