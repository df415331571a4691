import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { createNoopProfiler } from '@graphql-codegen/plugin-helpers';
import { buildSchema, parse, printSchema } from 'graphql';
import config from '../codegen.ts';

const folder = 'clients/codegen';

/** Generates what `codegen.ts` says, as GraphQL Code Generator's command does. That needs Node 22, its library does not. */
export async function generate(): Promise<void> {
  const schema = buildSchema(await readFile(path.join(folder, config.schema), 'utf8'), { assumeValid: true });
  const location = path.join(folder, 'operations/shop.graphql');
  const rawSDL = await readFile(location, 'utf8');
  for (const [output, { presetConfig, config: pluginConfig }] of Object.entries(config.generates)) {
    const baseOutputDir = path.join(folder, output);
    await mkdir(baseOutputDir, { recursive: true });
    const files = await preset.buildGeneratesSection({
      baseOutputDir,
      schema: parse(printSchema(schema)),
      schemaAst: schema,
      documents: [{ location, rawSDL, document: parse(rawSDL) }],
      config: pluginConfig,
      presetConfig,
      plugins: [],
      pluginMap: {},
      pluginContext: {},
      profiler: createNoopProfiler(),
      documentTransforms: [],
    });
    for (const file of files) await writeFile(file.filename, await codegen(file));
  }
}
