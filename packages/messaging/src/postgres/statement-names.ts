/** The beginning of a statement that PostgreSQL plans each time, since the best plan depends on its values. */
export const plannedEachTime = '/* planned each time */ ';

/** How often a text must come before its statement is prepared: one that comes rarely is not worth the memory of each session. */
const minUses = 5;
/** A session keeps the plans of its prepared statements for as long as it lives. */
const maxNames = 100;
/** Texts whose uses are counted. Lists of values of any length make ever new ones. */
const maxCounted = 1_000;

/**
 * Names the statements that are used often. The driver prepares a statement with a name once in each session, and PostgreSQL then plans it
 * some times only. Planning costs several times as much as most of our statements themselves.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #uses = new Map<string, number>();
  #next = 1;

  /** @returns undefined for a statement that is planned each time */
  find(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= maxNames || text.startsWith(plannedEachTime)) return undefined;
    const uses = (this.#uses.get(text) ?? 0) + 1;
    if (uses < minUses) {
      if (this.#uses.size >= maxCounted) this.#uses.clear();
      this.#uses.set(text, uses);
      return undefined;
    }
    this.#uses.delete(text);
    const name = `s${this.#next++}`;
    this.#names.set(text, name);
    return name;
  }

  /**
   * Runs a statement. When its prepared form is outdated, it gets another name, so that the next use prepares it again. A statement that is
   * alone is repeated at once: the server refused it before it did anything. In a transaction, all of that must be repeated.
   *
   * @throws whatever the work throws
   */
  async run<Result>(text: string, work: () => Promise<Result>, { isAlone = false } = {}): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!isOutdatedStatement(error)) throw error;
      this.#names.delete(text);
      if (isAlone) return work();
      throw error;
    }
  }
}

/** The failure of `pg`, as it is or as Prisma's driver adapter or client reports it. */
interface Failure {
  readonly message?: unknown;
  readonly originalMessage?: unknown;
  readonly cause?: Failure;
  readonly meta?: { readonly driverAdapterError?: Failure };
}

/** True where a migration has changed the columns of a prepared statement. The same statement succeeds once it is prepared again. */
export function isOutdatedStatement(error: unknown): boolean {
  const { message, originalMessage, cause, meta } = (error ?? {}) as Failure;
  const text = String(originalMessage ?? message ?? '');
  return (
    text.includes('cached plan must not change result type') ||
    [cause, meta?.driverAdapterError].some((inner) => inner !== undefined && isOutdatedStatement(inner))
  );
}
