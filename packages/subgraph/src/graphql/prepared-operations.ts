import { getOperationAST, parse, validate } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { CompiledOperation, type CompilableSchema } from './compiled-operation.ts';

/** A valid document, with one of its operations. */
export interface PreparedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly compiled: CompiledOperation;
}

interface KeptDocument {
  readonly document: DocumentNode;
  /** By the names that requests give. */
  readonly operations: Map<string, PreparedOperation>;
  /** True when it was asked for again since the last look for one to drop. */
  isUsed: boolean;
}

/** Of all texts, in characters. What is kept for them takes some forty times as much memory. */
const MAX_CHARACTERS = 1_000_000;

/**
 * Keeps valid documents by their texts. Those that were not asked for again go first. They keep their places until then: a map from which
 * something is deleted at each request makes garbage that lives long.
 */
export class PreparedOperations {
  readonly #compilable: CompilableSchema;
  readonly #maxCharacters: number;
  readonly #documents = new Map<string, KeptDocument>();
  #characters = 0;

  /** @param maxCharacters of all texts that are kept. Default: 1,000,000. */
  constructor(compilable: CompilableSchema, maxCharacters = MAX_CHARACTERS) {
    this.#compilable = compilable;
    this.#maxCharacters = maxCharacters;
  }

  /** The number of documents that are kept. */
  get size(): number {
    return this.#documents.size;
  }

  /** @returns undefined for a text that is not valid, or that does not have exactly this query or mutation */
  find(text: string, operationName: string | undefined): PreparedOperation | undefined {
    const found = this.#documents.get(text);
    if (found !== undefined) found.isUsed = true;
    const kept = found ?? this.#read(text);
    if (kept === undefined) return undefined;
    const name = operationName ?? '';
    const known = kept.operations.get(name);
    if (known !== undefined) return known;
    const { document } = kept;
    const operation = getOperationAST(document, operationName);
    if (operation == null || operation.operation === 'subscription') return undefined;
    const compiled = new CompiledOperation(this.#compilable, document, operation);
    const prepared = { document, operation, compiled };
    kept.operations.set(name, prepared);
    return prepared;
  }

  /** A document of more than the limit is not kept for long: the next one takes its place. */
  #read(text: string): KeptDocument | undefined {
    let document: DocumentNode;
    try {
      document = parse(text);
    } catch {
      return undefined;
    }
    if (validate(this.#compilable.schema, document).length > 0) return undefined;
    this.#characters += text.length;
    this.#shrink();
    const kept = { document, operations: new Map<string, PreparedOperation>(), isUsed: false };
    this.#documents.set(text, kept);
    return kept;
  }

  #shrink(): void {
    // One that was used comes again at the end of the loop, and then goes too if it must.
    for (const [text, kept] of this.#documents) {
      if (this.#characters <= this.#maxCharacters) return;
      this.#documents.delete(text);
      if (kept.isUsed) {
        kept.isUsed = false;
        this.#documents.set(text, kept);
      } else this.#characters -= text.length;
    }
  }
}
