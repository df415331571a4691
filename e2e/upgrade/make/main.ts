// `npm run upgrade:archive`: docs/operations/upgrade.md says when and how.
import { runProgram } from '../../../cli/src/command-line/run-program.ts';
import { makeArchive } from './make-archive.ts';
import { createArchiveProgram } from './options.ts';

const program = createArchiveProgram(({ release, output }) => makeArchive(release, output));
process.exitCode = await runProgram(program, process.argv.slice(2));
