import type { ASTNode } from 'graphql';

/** A mistake in a schema. */
export interface Complaint {
  readonly node: ASTNode;
  readonly message: string;
}

/** Options of a rule. */
export interface RuleOptions {
  /** Names of the entities that other subgraphs own. */
  readonly foreign?: readonly string[];
}
