// @ts-check
// `scripts/setup.sh` and `scripts/setup.ps1`: sets the checkout up, and starts nothing.
import { setUpProject } from './setup/project.mjs';

await setUpProject();
