import { ExpectedError } from '@shop/process';
import { parse } from 'libpg-query';
import type { FormerSchema } from './former-schema.ts';
import { findRefusals, type Migration, type Node, type Refusal } from './rules.ts';

/** A refused statement. */
export interface Finding extends Refusal {
  /** The line of the file, from 1. */
  readonly line: number;
}

/**
 * Finds the statements of a migration that lock a large table for long, or break the version that runs while it is applied.
 *
 * A comment above a statement accepts it: `-- Accepted (lock): the table has ten rows.` It names the rule, and gives a reason.
 *
 * @throws ExpectedError when PostgreSQL cannot parse the text
 */
export async function lintMigration(sql: string, former: FormerSchema): Promise<Finding[]> {
  const { stmts = [] } = (await parse(sql).catch((error: Error) => {
    throw new ExpectedError(`PostgreSQL cannot parse it: ${error.message}`);
  })) as { stmts?: { stmt: Node; stmt_location?: number; stmt_len?: number }[] };
  const statements = stmts.map(({ stmt }) => stmt);
  const migration: Migration = {
    createdTables: new Set(
      statements.flatMap(({ CreateStmt: create }) => (create ? [String(create.relation.relname)] : [])),
    ),
    statements,
    former,
  };
  // Positions count bytes. A statement may begin with its first word, so its comments are what follows the statement before.
  const bytes = Buffer.from(sql);
  let before = 0;
  return stmts.flatMap(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    const end = length === undefined ? bytes.length : start + length;
    const { comments, lines } = splitComments(bytes.subarray(before, end).toString());
    const line = bytes.subarray(0, before).toString().split('\n').length + lines;
    before = end;
    return findRefusals(stmt, migration)
      .filter(({ rule }) => !isAccepted(comments, rule))
      .map((refusal) => ({ ...refusal, line }));
  });
}

/** The comments before a statement, and the number of lines before its first word. */
function splitComments(text: string): { comments: string; lines: number } {
  const comments = /^;?(?:\s*--[^\n]*\n)*\s*/.exec(text)?.[0] ?? '';
  return { comments, lines: comments.split('\n').length - 1 };
}

function isAccepted(comments: string, rule: string): boolean {
  return new RegExp(`^\\s*-- Accepted \\(${rule}\\): \\S.{9,}`, 'm').test(comments);
}
