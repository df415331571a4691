import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine, SchemaFilter } from '@prisma/schema-engine-wasm';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { optimiseWasmLate } from '@shop/process';
import pg from 'pg';
import { MigrationAdapter } from './adapter.ts';

/** No table and no enum is managed by another program. */
export const NO_EXTERNALS: SchemaFilter = { externalTables: [], externalEnums: [] };

let instantiated: Promise<void> | undefined;

/**
 * Calls `work` with Prisma's schema engine on the database at `databaseUrl`, and closes its connection afterwards. The engine is the
 * WebAssembly module that Prisma publishes on npm. The native binary would have to be downloaded from elsewhere.
 *
 * @throws what the engine throws; its messages have several lines.
 */
export async function useSchemaEngine<Result>(
  databaseUrl: string,
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  await (instantiated ??= instantiate());
  // One connection: the advisory lock that the engine takes belongs to the session.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 10_000 });
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(new MigrationAdapter(pool));
    const engine = await bindings.SchemaEngine.new({ datamodels: undefined }, () => {}, adapter);
    try {
      return await work(engine);
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}

type Exports = Record<'__wbindgen_start', () => void>;

/** Node has WebAssembly; TypeScript declares it only among the browser's types. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ exports: Exports }>;
};

async function instantiate(): Promise<void> {
  optimiseWasmLate();
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const module = await WebAssembly.compile(await readFile(join(dirname(script), 'schema_engine_bg.wasm')));
  const { exports } = await WebAssembly.instantiate(module, { './schema_engine_bg.js': unrefTimers(bindings) });
  reportPanics();
  bindings.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
}

/** The engine never clears the timer of its lock's timeout. That timer would keep a finished process alive for ten seconds. */
function unrefTimers(functions: object): object {
  const quiet =
    (set: (...args: unknown[]) => NodeJS.Timeout) =>
    (...args: unknown[]) =>
      set(...args).unref();
  return Object.fromEntries(
    Object.entries(functions).map(([name, it]) => [name, name.startsWith('__wbg_setTimeout_') ? quiet(it) : it]),
  );
}

/** The engine writes the reason of a panic to this registry. Without the registry it would fail without a reason. */
function reportPanics(): void {
  const registry = { set_message: (message: string) => process.stderr.write(`Prisma's schema engine: ${message}\n`) };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
}
