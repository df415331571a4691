import pg from 'pg';

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

export interface QueryPlans {
  /**
   * The plans of the SELECT, WITH and UPDATE statements that are sent in between, as EXPLAIN (ANALYZE) prints them. @throws
   * when there are none
   */
  of(work: () => Promise<unknown>): Promise<string>;
  /** Stops recording. */
  stop(): void;
}

export interface QueryPlansOptions {
  readonly databaseUrl: string;
  /** Of the connection that explains the statements. */
  readonly options?: string;
  /** Shows the plans that PostgreSQL keeps for prepared statements, whatever their values. Default: those for the values. */
  readonly arePrepared?: boolean;
}

/** Records the statements on the wire, from any sender. */
export function recordQueryPlans({ databaseUrl, options, arePrepared = false }: QueryPlansOptions): QueryPlans {
  let sent: Statement[] = [];
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first, values] = args as [string | (Partial<Statement> & { text: string }), unknown[]?];
    sent.push(
      typeof first === 'string'
        ? { text: first, values: values ?? [] }
        : { text: first.text, values: first.values ?? values ?? [] },
    );
    return query.apply(this, args);
  };
  return {
    of: async (work) => {
      sent = [];
      await work();
      const statements = sent.filter(({ text }) => /^\s*(\/\*.*?\*\/\s*)?(SELECT|WITH|UPDATE)\b/i.test(text));
      if (statements.length === 0) throw new Error('No statement was sent that has a plan.');
      const client = new pg.Client({ connectionString: databaseUrl, ...(options === undefined ? {} : { options }) });
      await client.connect();
      try {
        const plans: string[] = [];
        if (arePrepared) await client.query('SET plan_cache_mode = force_generic_plan');
        for (const { text, values } of statements) {
          if (arePrepared) await client.query(`PREPARE explained AS ${text}`);
          const { rows } = await client.query<{ 'QUERY PLAN': string }>(
            `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) ${arePrepared ? toExecute(values) : text}`,
            arePrepared ? [] : values,
          );
          if (arePrepared) await client.query('DEALLOCATE explained');
          plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
        }
        return plans.join('\n\n');
      } finally {
        await client.end();
      }
    },
    stop: () => void (prototype.query = query),
  };
}

/** Values are texts, numbers, null, or lists of ids. */
const toExecute = (values: readonly unknown[]): string => {
  const literals = values.map((value) =>
    value === null ? 'NULL' : pg.escapeLiteral(Array.isArray(value) ? `{${value.join()}}` : String(value)),
  );
  return `EXECUTE explained${literals.length === 0 ? '' : `(${literals.join(', ')})`}`;
};

/**
 * The maximum number of rows that one scan of a table reads in all its loops, with those that a filter or a recheck removed.
 *
 * @param table a regular expression for its name and the names of its indexes
 * @throws Error when the plan has no such scan
 */
export function countRowsRead(plan: string, table: string): number {
  const scan = new RegExp(`Scan.* (?:on|using) (?:${table}).*rows=([\\d.]+) loops=(\\d+)\\)([^>]*)`, 'g');
  const counts = [...plan.matchAll(scan)].map(([, rows, loops, rest = '']) => {
    const removed = /Rows Removed by (?:Filter|Index Recheck): (\d+)/.exec(rest)?.[1] ?? 0;
    return (Number(rows) + Number(removed)) * Number(loops);
  });
  if (counts.length === 0) throw new Error(`The plan has no scan of ${table}:\n${plan}`);
  return Math.max(...counts);
}
