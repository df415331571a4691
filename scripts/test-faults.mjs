// @ts-check
// `npm run test:faults`: sets the checkout up, and kills and freezes parts of a running system; see docs/testing-faults.md.
import { isHelpReady, setUpProject } from './setup/project.mjs';

if (!isHelpReady('dist/faults.js')) await setUpProject();
await import(/** @type {string} */ ('../dist/faults.js'));
