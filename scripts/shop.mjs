// @ts-check
// `npm run shop -- COMMAND …`: sets the checkout up, and runs a command of cli/ in this same process.
import { isHelpReady, root } from './setup/project.mjs';
import { setUp } from './setup/set-up.mjs';

process.chdir(root);

// Standard output belongs to the command, since its result may be JSON.
const report = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);
if (!isHelpReady('dist/shop.js')) await setUp({ root, report, generateCommitted: false, graphiql: false, quiet: true });
await import(/** @type {string} */ ('../dist/shop.js'));
