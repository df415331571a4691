import { spawn } from 'node:child_process';
import { ExpectedError } from '@shop/process';
import { createSubgraph } from './new-subgraph.ts';

/** Writes a subgraph, links it as a workspace, generates the dependent files, and prints the next steps. */
export async function runNewSubgraph(options: {
  readonly root: string;
  readonly name: string;
  readonly plural?: string | undefined;
  readonly report: (line: string) => void;
}): Promise<void> {
  const { root, report } = options;
  const { names, port, created, changed } = await createSubgraph(options);
  report(`subgraphs/${names.name} is written: ${created.length} files. Changed: ${changed.join(', ')}.`);
  report('npm links the new workspace …');
  await runStep('npm install', npmInstall(), root);
  report('npm run generate writes the supergraph, types, client and references …');
  // A new process, since this one has loaded the old table of services.
  await runStep('npm run generate', [process.execPath, 'scripts/generate.mjs'], root);
  report(
    [
      '',
      `The subgraph "${names.name}" is ready, on port ${port}.`,
      `  1. npm test -- subgraphs/${names.name}   runs its tests`,
      '  2. npm start                  starts it with the others',
      `  3. Edit subgraphs/${names.name}/schema.graphql and prisma/${names.name}/schema.prisma to what you need.`,
    ].join('\n'),
  );
}

/** Install scripts stay off, as everywhere in this project. */
function npmInstall(): string[] {
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const npm = process.env['npm_execpath'];
  return npm?.endsWith('.js') ? [process.execPath, npm, ...args] : ['npm', ...args];
}

function runStep(name: string, [command = '', ...args]: readonly string[], root: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => void (output += chunk));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new ExpectedError(`${name} failed. Fix the cause and run it again.\n${output.trim()}`));
    });
  });
}
