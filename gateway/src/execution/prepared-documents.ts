import type { ApolloServerPlugin } from '@apollo/server';
import type { Counter } from '@shop/process';
import { getOperationAST, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.ts';

/** A document that Apollo Server has parsed and validated, with one of its operations. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** Characters of text, and documents. A parsed document and its program take up to a hundred times the bytes of its text. */
const limits = { characters: 2 * 1024 * 1024, documents: 2_000 };

/** Remembers valid documents, so that requests with the same text need neither be parsed nor validated. */
export class PreparedDocuments {
  /** The least recently used comes first. */
  readonly #documents = new Map<string, DocumentNode>();
  #characters = 0;
  readonly #lookups: Counter<'result'> | undefined;
  readonly #operations = new WeakMap<DocumentNode, Map<string, OperationDefinitionNode>>();

  /** @param lookups counts the documents that were found; default: nobody */
  constructor(lookups?: Counter<'result'>) {
    this.#lookups = lookups;
  }

  /** @returns undefined for a document that was not seen yet, or that does not have exactly this operation */
  find(text: string, operationName: string | undefined): PreparedDocument | undefined {
    const document = this.#documents.get(text);
    if (document === undefined) return undefined;
    this.#documents.delete(text);
    this.#documents.set(text, document);
    const operation = this.#findOperation(document, operationName ?? '');
    if (operation === undefined) return undefined;
    this.#lookups?.inc({ result: 'prepared' });
    return { document, operation };
  }

  #add(text: string, document: DocumentNode): void {
    if (!this.#documents.delete(text)) this.#characters += text.length;
    this.#documents.set(text, document);
    for (const oldest of this.#documents.keys()) {
      if (this.#documents.size <= limits.documents && this.#characters <= limits.characters) break;
      this.#documents.delete(oldest);
      this.#characters -= oldest.length;
    }
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

  /** Takes in the documents that Apollo Server finds valid. */
  readonly plugin: ApolloServerPlugin<GatewayContext> = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ source, document }) => this.#add(source, document),
    }),
  };
}
