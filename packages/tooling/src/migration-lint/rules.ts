import type { FormerSchema } from './former-schema.ts';

/** A node of PostgreSQL's syntax tree. */
export type Node = Readonly<Record<string, any>>; // oxlint-disable-line typescript/no-explicit-any

/** The surroundings of a statement. */
export interface Migration {
  /** The tables that the same migration creates. They are empty, and nobody uses them yet. */
  readonly createdTables: ReadonlySet<string>;
  readonly statements: readonly Node[];
  /** The version that runs while the migration is applied. */
  readonly former: FormerSchema;
}

/** Names of the rules, for comments that accept a statement. */
export type Rule = 'lock' | 'rewrite' | 'transaction' | 'old-version';

/** The reason why a statement is refused, and the remedy. */
export interface Refusal {
  readonly rule: Rule;
  readonly message: string;
}

const lock = (message: string): Refusal => ({ rule: 'lock', message });
const rewrite = (message: string): Refusal => ({ rule: 'rewrite', message });
const oldVersion = (message: string): Refusal => ({ rule: 'old-version', message });

/** Finds the reasons to refuse a statement. */
export function findRefusals(statement: Node, migration: Migration): Refusal[] {
  const [[kind, node] = ['', {}]] = Object.entries(statement) as [string, Node][];
  const table = String(node['relation']?.relname ?? '');
  if (migration.createdTables.has(table)) return [];
  return rules[kind]?.(node, table, migration) ?? [];
}

const rules: Readonly<Record<string, (node: Node, table: string, migration: Migration) => Refusal[]>> = {
  IndexStmt: (node, table, { statements }) => {
    if (node['concurrent'] !== true)
      return [
        lock(
          `The index blocks writes to "${table}" while it is built. Use CREATE INDEX CONCURRENTLY, in a migration of its own.`,
        ),
      ];
    return requireAlone(statements);
  },
  ReindexStmt: (node, table, { statements }) =>
    hasOption(node, 'concurrently')
      ? requireAlone(statements)
      : [lock(`REINDEX blocks writes to "${table}". Add CONCURRENTLY.`)],
  LockStmt: () => [lock('LOCK TABLE stops the requests that use the table. Leave it out.')],
  ClusterStmt: (_node, table) => [rewrite(`CLUSTER writes "${table}" again, and stops its requests. Leave it out.`)],
  VacuumStmt: (node) =>
    hasOption(node, 'full')
      ? [rewrite('VACUUM FULL writes the table again, and stops its requests. Leave it out.')]
      : [],
  UpdateStmt: (node, table) => refuseAllRows(node, table, 'UPDATE'),
  DeleteStmt: (node, table) => refuseAllRows(node, table, 'DELETE'),
  TruncateStmt: () => [
    oldVersion('TRUNCATE deletes rows that the version before reads. Delete them with a job, later.'),
  ],
  DropStmt: refuseDrop,
  RenameStmt: (node, table) =>
    ['OBJECT_TABLE', 'OBJECT_COLUMN', 'OBJECT_TYPE'].includes(node['renameType'])
      ? [
          oldVersion(
            `The version before uses the old name in "${table}". Add the new one, write both, copy, and drop the old one a release later.`,
          ),
        ]
      : [],
  AlterEnumStmt: (node) =>
    node['oldVal'] === undefined
      ? []
      : [
          oldVersion(
            `The version before uses the value ${node['oldVal']}. Add a new value, and stop using the old one.`,
          ),
        ],
  AlterTableStmt: (node, table, migration) =>
    (node['cmds'] as Node[]).flatMap(({ AlterTableCmd: command }) => refuseChange(command, table, migration)),
};

function requireAlone(statements: readonly Node[]): Refusal[] {
  if (statements.length === 1) return [];
  return [
    {
      rule: 'transaction',
      message:
        'CONCURRENTLY cannot run in a transaction, and the statements of one migration are one. Give it a migration of its own.',
    },
  ];
}

const hasOption = (node: Node, name: string) =>
  ((node['params'] ?? node['options'] ?? []) as Node[]).some(({ DefElem: option }) => option?.defname === name);

function refuseAllRows(node: Node, table: string, verb: string): Refusal[] {
  if (node['whereClause'] !== undefined) return [];
  return [
    lock(`${verb} without WHERE locks every row of "${table}" until the end. Let a job change the rows in batches.`),
  ];
}

function refuseDrop(node: Node, _table: string, { former }: Migration): Refusal[] {
  const names = (node['objects'] as Node[]).map((object) => {
    const parts = (object['List']?.items ?? object['TypeName']?.names ?? [object]) as Node[];
    return String(parts.at(-1)?.['String']?.sval);
  });
  if (node['removeType'] === 'OBJECT_TABLE')
    return names
      .filter((name) => former.usesTable(name))
      .map((name) => oldVersion(inUse(`the table "${name}"`, '@@ignore')));
  if (node['removeType'] === 'OBJECT_TYPE')
    return names
      .filter((name) => former.usesType(name))
      .map((name) => oldVersion(inUse(`the type "${name}"`, '@ignore')));
  return [];
}

const inUse = (what: string, mark: string) =>
  `The version before uses ${what}. Mark it with ${mark} in schema.prisma first, and drop it in a later release.`;

function refuseChange(command: Node, table: string, migration: Migration): Refusal[] {
  const column = String(command['name'] ?? '');
  switch (command['subtype']) {
    case 'AT_AddColumn':
      return refuseColumn(command['def'].ColumnDef, table);
    case 'AT_AddConstraint':
      return refuseConstraint(command['def'].Constraint, table);
    case 'AT_ValidateConstraint':
      return addsConstraint(migration.statements, column)
        ? [lock(`The lock that added "${column}" is held while "${table}" is read. Validate it in a later migration.`)]
        : [];
    case 'AT_SetNotNull':
      return [
        lock(
          `SET NOT NULL reads all of "${table}" under a lock, and the version before may write NULL. ` +
            `Add CHECK ("${column}" IS NOT NULL) NOT VALID first, and validate it a release later.`,
        ),
      ];
    case 'AT_AlterColumnType':
      return [rewrite(`A new type writes "${table}" again under a lock. Add a column, write both, and copy.`)];
    case 'AT_DropColumn':
      return migration.former.usesColumn(table, column) ? [oldVersion(inUse(`"${table}"."${column}"`, '@ignore'))] : [];
    case 'AT_ColumnDefault':
      return command['def'] === undefined && migration.former.usesColumn(table, column)
        ? [oldVersion(`The version before may leave out "${column}" when it writes. Drop the default a release later.`)]
        : [];
    default:
      return [];
  }
}

function addsConstraint(statements: readonly Node[], name: string): boolean {
  return statements
    .flatMap(({ AlterTableStmt: alter }) => (alter?.cmds ?? []) as Node[])
    .some(({ AlterTableCmd: { subtype, def } }) => subtype === 'AT_AddConstraint' && def.Constraint.conname === name);
}

/** Functions that give the same value to all rows of one statement, so that PostgreSQL stores it once. */
const stableFunctions: readonly unknown[] = [
  'now',
  'current_timestamp',
  'transaction_timestamp',
  'statement_timestamp',
];

function refuseColumn({ colname, constraints = [] }: Node, table: string): Refusal[] {
  const all = (constraints as Node[]).map(({ Constraint: constraint }) => constraint as Node);
  const find = (type: string) => all.find(({ contype }) => contype === type);
  const preset = find('CONSTR_DEFAULT');
  const where = `"${table}"."${colname}"`;
  if (find('CONSTR_GENERATED') ?? find('CONSTR_IDENTITY') ?? (preset !== undefined && isVolatile(preset['raw_expr'])))
    return [
      rewrite(
        `A value for each row writes "${table}" again under a lock. Add ${where} without one, and fill it with a job.`,
      ),
    ];
  if (find('CONSTR_NOTNULL') !== undefined && preset === undefined)
    return [
      oldVersion(
        `The version before writes no ${where}, and existing rows have none. Give it a default, or allow NULL.`,
      ),
    ];
  return all.flatMap((constraint) => refuseConstraint(constraint, table));
}

/** True when an expression calls a function that may give another value to each row. */
function isVolatile(expression: unknown): boolean {
  if (typeof expression !== 'object' || expression === null) return false;
  if (Array.isArray(expression)) return expression.some(isVolatile);
  const call = (expression as Node)['FuncCall'] as Node | undefined;
  if (call !== undefined && !stableFunctions.includes(call['funcname'].at(-1)?.String?.sval)) return true;
  return Object.values(expression).some(isVolatile);
}

function refuseConstraint(constraint: Node, table: string): Refusal[] {
  switch (constraint['contype']) {
    case 'CONSTR_CHECK':
    case 'CONSTR_FOREIGN':
      return constraint['skip_validation'] === true
        ? []
        : [
            lock(
              `The constraint reads all of "${table}" under a lock. Add NOT VALID, and validate it in a later migration.`,
            ),
          ];
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
    case 'CONSTR_EXCLUSION':
      return constraint['indexname'] === undefined
        ? [
            lock(
              `The constraint blocks "${table}" while its index is built. Create the index CONCURRENTLY first, and add USING INDEX.`,
            ),
          ]
        : [];
    default:
      return [];
  }
}
