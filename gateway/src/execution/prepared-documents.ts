import { createHash } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import { countNodes } from '@shop/engine';
import type { Counter } from '@shop/process';
import { getOperationAST, type DocumentNode, type OperationDefinitionNode, type OperationTypeNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { bytesOfNode } from './memory-estimates.ts';

/** A valid document with one of its operations. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** Parses and validates a text. Undefined leaves the decision about it to Apollo Server, which says what is wrong. */
export type ReadDocument = (text: string) => DocumentNode | undefined;

/** Counts the memory of the parts that are kept as long as a document. */
export interface DocumentMemory {
  /** Adds bytes to the estimate for a document. A document that is not kept is dropped again. */
  grow(document: DocumentNode, bytes: number): void;
  /** Calls a function with each document that is dropped, which frees the parts that are kept for it. */
  onDrop(listener: (document: DocumentNode) => void): void;
}

interface Kept {
  readonly text: string;
  readonly hash: string;
  readonly document: DocumentNode;
  bytes: number;
}

/**
 * Keeps valid documents, the least recently used ones the shortest, so that requests with the same text need neither be parsed nor
 * validated. It is Apollo Server's store of documents too. The bound counts all that is kept for a document: its text, its nodes, and
 * its compiled operations.
 */
export class PreparedDocuments implements DocumentMemory {
  readonly #maxBytes: number;
  /** By their texts. The least recently used comes first. */
  readonly #byText = new Map<string, Kept>();
  /** By the SHA-256 of their texts. */
  readonly #byHash = new Map<string, Kept>();
  readonly #byDocument = new WeakMap<DocumentNode, Kept>();
  #bytes = 0;
  readonly #lookups: Counter<'result'> | undefined;
  readonly #operations = new WeakMap<DocumentNode, Map<string, OperationDefinitionNode>>();
  readonly #listeners: ((document: DocumentNode) => void)[] = [];

  /**
   * @param options.maxBytes of memory, by estimate; see `memory-estimates.ts`
   * @param options.lookups counts the documents that were found or read; default: nobody
   */
  constructor({ maxBytes, lookups }: { maxBytes: number; lookups?: Counter<'result'> }) {
    this.#maxBytes = maxBytes;
    this.#lookups = lookups;
  }

  /** The contents, for metrics. The bytes are an estimate. */
  get state(): { readonly documents: number; readonly bytes: number } {
    return { documents: this.#byText.size, bytes: this.#bytes };
  }

  /**
   * Finds a document, or reads it and keeps it.
   *
   * @returns undefined for a document that cannot be read, or that does not have exactly this operation
   */
  find(text: string, operationName: string | undefined, read: ReadDocument): PreparedDocument | undefined {
    const kept = this.#byText.get(text);
    if (kept !== undefined) this.#touch(kept);
    const document = kept?.document ?? read(text);
    if (document === undefined) return undefined;
    if (kept === undefined) this.#add(text, createHash('sha256').update(text).digest('hex'), document);
    const operation = this.#findOperation(document, operationName ?? '');
    if (operation === undefined) return undefined;
    this.#lookups?.inc({ result: kept === undefined ? 'new' : 'prepared' });
    return { document, operation };
  }

  /** The type of an operation of a document that is kept. */
  findType(text: string, operationName: string | undefined): OperationTypeNode | undefined {
    const kept = this.#byText.get(text);
    return kept && this.#findOperation(kept.document, operationName ?? '')?.operation;
  }

  grow(document: DocumentNode, bytes: number): void {
    const kept = this.#byDocument.get(document);
    if (kept === undefined) {
      this.#tellDropped(document);
      return;
    }
    kept.bytes += bytes;
    this.#bytes += bytes;
    this.#shrink();
  }

  onDrop(listener: (document: DocumentNode) => void): void {
    this.#listeners.push(listener);
  }

  #add(text: string, hash: string, document: DocumentNode): void {
    const known = this.#byText.get(text);
    if (known?.document === document) return this.#touch(known);
    // Apollo Server has parsed the same text for two requests at the same time.
    if (known !== undefined) this.#drop(known);
    const kept = { text, hash, document, bytes: countNodes(document) * bytesOfNode.parsed + 2 * text.length };
    this.#byText.set(text, kept);
    this.#byHash.set(hash, kept);
    this.#byDocument.set(document, kept);
    this.#bytes += kept.bytes;
    this.#shrink();
  }

  #touch(kept: Kept): void {
    this.#byText.delete(kept.text);
    this.#byText.set(kept.text, kept);
  }

  #shrink(): void {
    for (const oldest of this.#byText.values()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(kept: Kept): void {
    this.#byText.delete(kept.text);
    this.#byHash.delete(kept.hash);
    this.#byDocument.delete(kept.document);
    this.#bytes -= kept.bytes;
    this.#tellDropped(kept.document);
  }

  /** A document may live longer than its place here: a persisted one does. */
  #tellDropped(document: DocumentNode): void {
    this.#operations.delete(document);
    for (const listener of this.#listeners) listener(document);
  }

  #findOperation(document: DocumentNode, name: string): OperationDefinitionNode | undefined {
    let operations = this.#operations.get(document);
    if (operations === undefined) this.#operations.set(document, (operations = new Map()));
    let operation = operations.get(name);
    if (operation === undefined) {
      operation = getOperationAST(document, name || undefined) ?? undefined;
      if (operation !== undefined) operations.set(name, operation);
    }
    return operation;
  }

  /** Apollo Server's store of parsed documents. Its keys end with the SHA-256 of the text. The plugin takes the documents in. */
  readonly store: KeyValueCache<DocumentNode> = {
    get: async (key) => this.#byHash.get(key.slice(-64))?.document,
    set: async () => {},
    delete: async () => false,
  };

  /** Takes in the documents that Apollo Server finds valid. */
  readonly plugin: ApolloServerPlugin<GatewayContext> = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ source, queryHash, document }) => this.#add(source, queryHash, document),
    }),
  };
}
