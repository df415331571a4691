// @ts-check
// `npm run new:subgraph -- NAME`: bundles the tools, and creates a subgraph.
import { prepareTooling } from './setup/project.mjs';

await prepareTooling();
process.argv.splice(2, 0, 'new-subgraph');
await import(/** @type {string} */ ('../dist/tooling.js'));
