// @ts-check
// `npm run test:powercut`: sets the checkout up, and cuts the power of a running system; see docs/testing-faults.md.
import { isHelpReady, setUpProject } from './setup/project.mjs';

if (!isHelpReady('dist/powercut.js')) await setUpProject();
await import(/** @type {string} */ ('../dist/powercut.js'));
