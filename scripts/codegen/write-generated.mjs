import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodegenFailure } from './failure.mjs';

/**
 * Writes generated files that are not what is there, or with `--check` says which and writes nothing. Says a CodegenFailure in one
 * sentence and exits 1.
 *
 * @param generate gives the text of each file by its name
 * @param upToDate what is said when all are what they should be, from the number of files
 * @param inputs what the files are made of, for who has to make them anew
 */
export async function writeGenerated(generate, { upToDate, inputs }) {
  try {
    const generated = Object.entries(await generate());
    const stale = generated.filter(([file, text]) => current(file) !== text);
    if (stale.length === 0) {
      console.log(upToDate(generated.length));
    } else if (process.argv.includes('--check')) {
      const files = stale.map(([file]) => `\n  ${file}`).join('');
      throw new CodegenFailure(`Not what ${inputs} give: run \`npm run codegen\` and commit it.${files}`);
    } else {
      for (const [file, text] of stale) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
        console.log(`${file} is written`);
      }
    }
  } catch (error) {
    if (!(error instanceof CodegenFailure)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function current(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
