// @ts-check
// `npm run test:attacks`: sets the checkout up, and attacks a running system; see docs/testing.md.
import { isHelpReady, setUpProject } from './setup/project.mjs';

if (!isHelpReady('dist/attacks.js')) await setUpProject();
await import(/** @type {string} */ ('../dist/attacks.js'));
