import { existsSync, readFileSync } from 'node:fs';
import { serviceNames, services } from '@shop/contracts';
import { inspectorPort } from '../../stack/src/stack/ports.ts';

interface Configuration {
  readonly request: 'launch' | 'attach';
  readonly program?: string;
  readonly port?: number;
  readonly outFiles?: readonly string[];
}

const { configurations } = JSON.parse(readFileSync('.vscode/launch.json', 'utf8')) as {
  configurations: readonly Configuration[];
};
const folder = '${workspaceFolder}';

test('one debug configuration runs the current test file, and one starts the system', () => {
  const programs = configurations.flatMap(({ request, program = '' }) =>
    request === 'launch' ? [program.replace(`${folder}/`, '')] : [],
  );
  expect(programs).toEqual(['node_modules/jest/bin/jest.js', 'scripts/dev.mjs']);
  expect(programs.filter((program) => !existsSync(program))).toEqual([]);
});

test('the others attach to each service, at the inspector port of its default port', () => {
  const attached = configurations.flatMap(({ request, port, outFiles }) =>
    request === 'attach' ? [{ port, outFiles }] : [],
  );
  const ports = [['gateway', 4000] as const, ...serviceNames.map((name) => [name, services[name].port] as const)];
  expect(attached).toEqual(
    ports.map(([name, port]) => ({ port: inspectorPort(port), outFiles: [`${folder}/dist/${name}.js`] })),
  );
});
