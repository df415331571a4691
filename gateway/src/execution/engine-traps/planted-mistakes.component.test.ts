import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isLongRun } from '@shop/testing/config';
import esbuild from 'esbuild';

/** How many operations are compared, one after the other until a mistake is found: the most need few. */
const rounds = [125, 500, 2_000];
const engine = path.resolve('packages/engine/src');

/** A mistake in the engine: a replacement in one of its files. */
interface Plant {
  readonly mistake: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** That a later null removes a value is no plant: stock has this mistake itself, so the cases of T17 look for it. */
const plants: readonly Plant[] = [
  {
    mistake: 'brings an entity to the first of its places only',
    file: 'run/fetch.ts',
    from: 'if (isObject(entity)) merge(owner, entity);',
    to: 'if (isObject(entity)) { if (positions.indexOf(positions[index] as number) === index) merge(owner, entity); }',
  },
  {
    mistake: 'takes the entity after the right one',
    file: 'run/fetch.ts',
    from: 'entities[positions[index] as number]',
    to: 'entities[((positions[index] as number) + 1) % entities.length]',
  },
  {
    mistake: 'takes representations that begin alike for equal',
    file: 'run/fetch.ts',
    from: 'const position = known.get(text);',
    to: 'const position = [...known].find(([other]) => other.slice(0, 24) === text.slice(0, 24))?.[1];',
  },
  {
    mistake: 'replaces a list in place of merging its items',
    file: 'run/merge.ts',
    from: 'present[index] = combine(present[index], added[index]);',
    to: 'present[index] = added[index];',
  },
  {
    mistake: 'lets the name of an interface replace that of an object type',
    file: 'run/merge.ts',
    from: `typeof added === 'string' && !isAbstract(added)`,
    to: `typeof added === 'string'`,
  },
  {
    mistake: 'forgets to rename a field back',
    file: 'run/rewrites.ts',
    from: 'else if (Object.hasOwn(object, field)) setMember(object, rewrite.name, object[field]);',
    to: '',
  },
  {
    mistake: 'finds the first item of each list only',
    file: 'run/owners.ts',
    from: 'for (const item of value) collect(item, index + 1, found);',
    to: 'for (const item of value.slice(0, 1)) collect(item, index + 1, found);',
  },
  {
    mistake: 'does not wait for the call before',
    file: 'run/compile-plan.ts',
    from: 'for (const step of steps) await step(run);',
    to: 'for (const step of steps) void step(run);',
  },
  {
    mistake: 'takes a batch for whole although it does not tell which call has failed',
    file: 'run/batch.ts',
    from: 'if (!isObject(data)) return undefined;',
    to: 'if (!isObject(data)) return members.map(() => answer);',
  },
  {
    mistake: 'gives the errors of a batch to its first call',
    file: 'run/batch.ts',
    from: 'errors: errorsOf.get(alias)',
    to: 'errors: alias === members[0]?.alias ? [...errorsOf.values()].flat() : []',
  },
  {
    mistake: 'ignores @skip',
    file: 'write/collect-fields.ts',
    from: `return isTrue === (name.value === 'include');`,
    to: `return isTrue || name.value === 'skip';`,
  },
  {
    mistake: 'keeps a list whose item must not be null',
    file: 'write/create-writer.ts',
    from: 'if (item === undefined) text = undefined;',
    to: `if (item === undefined) text += index === 0 ? 'null' : ',null';`,
  },
  {
    mistake: 'leaves out the inputs of required fields',
    file: 'run/representations.ts',
    from: 'if (value === undefined) {',
    to: 'if (value === undefined || !isDemanded) {',
  },
];

let directory: string;
beforeAll(async () => {
  // Below the root, so that the bundles find the packages that they import.
  directory = await mkdtemp(path.resolve('node_modules/.cache/planted-mistakes-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Compares the engine with the mistake, as the test of random operations does. */
async function isFound(plant?: Plant): Promise<boolean> {
  const outfile = path.join(directory, `${plant === undefined ? 'none' : plants.indexOf(plant)}.mjs`);
  const counts = plant === undefined ? [60] : rounds;
  let isPlanted = false;
  await esbuild.build({
    stdin: {
      contents: `import { compareBatches, compareWithModel, compareWithStock } from './differences.ts';
        async function isFound(count) {
          return (await compareWithModel(count)).length > 0 ||
            (await compareWithStock(count)).wrong.length > 0 ||
            (await compareBatches(count)).wrong.length > 0;
        }
        let isWrong = false;
        // An engine that breaks off answers otherwise too.
        for (const count of ${JSON.stringify(counts)}) isWrong ||= await isFound(count).catch(() => true);
        process.stdout.write(String(isWrong));`,
      resolveDir: path.join(import.meta.dirname, 'test'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@shop/source'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'plant',
        setup(build) {
          // Other packages stay where they are. Some of them exist once only.
          build.onResolve({ filter: /^[^./]/ }, ({ path: name }) =>
            name.startsWith('@shop/') ? undefined : { external: true },
          );
          if (plant === undefined) return;
          build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
            if (file !== path.join(engine, plant.file)) return undefined;
            const text = await readFile(file, 'utf8');
            const contents = text.replace(plant.from, () => plant.to);
            isPlanted = contents !== text;
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  if (plant !== undefined && !isPlanted) throw new Error(`${plant.file} does not have ${plant.from}`);
  return (await runScript(outfile)) === 'true';
}

function runScript(file: string): Promise<string> {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, problems] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (problems += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`The comparison ended with ${code}: ${problems}`));
    });
  });
}

test('the comparison finds nothing in the engine as it is', async () => {
  expect(await isFound()).toBe(false);
});

/** The short form draws one. */
const drawn = isLongRun() ? plants : [plants[Math.floor(Math.random() * plants.length)] as Plant];

test.each(drawn)('the comparison finds an engine that $mistake', async (plant) => {
  expect(await isFound(plant)).toBe(true);
});
