import ts from 'typescript';

/** A place where a file names a subgraph, or uses a business word. */
export interface NamedSubgraph {
  readonly line: number;
  readonly text: string;
  readonly rule: 'name' | 'subject' | 'variable' | 'resource' | 'trade';
}

/**
 * Words that only the subgraphs and the contracts know. "order" and "user" are English words, so the other rules cover
 * them.
 */
const TRADE = ['product', 'stock', 'inventory', 'reservation', 'payment', 'customer'];

/**
 * Finds where a TypeScript file names a subgraph.
 *
 * - `name`: a string or a property key that equals a service name
 * - `subject`: a text with `shop.<name>.`
 * - `variable`: a text or an identifier that starts with `<NAME>_`
 * - `resource`: a text with `shop_<name>`, `subgraphs/<name>` or `@shop/subgraph-<name>`
 * - `trade`: a business word in an identifier, a text or a comment, when `allowsTrade` is false
 *
 * @param names - The names in the table of services.
 */
export function findSubgraphNames(
  source: string,
  names: readonly string[],
  { allowsTrade = false }: { allowsTrade?: boolean } = {},
): NamedSubgraph[] {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  const found: NamedSubgraph[] = [];
  const any = names.join('|');
  const subject = new RegExp(`\\bshop\\.(${any})\\.`);
  const variable = new RegExp(`\\b(NATS_)?(${any.toUpperCase()})_[A-Z]`);
  const resource = new RegExp(`\\bshop_(${any})\\b|\\bsubgraphs/(${any})\\b|@shop/subgraph-(${any})\\b`);
  const add = (position: number, text: string, rule: NamedSubgraph['rule']): void =>
    void found.push({ line: file.getLineAndCharacterOfPosition(position).line + 1, text, rule });

  const checkText = (text: string, position: number): void => {
    if (names.includes(text)) add(position, text, 'name');
    if (subject.test(text)) add(position, text, 'subject');
    if (variable.test(text)) add(position, text, 'variable');
    if (resource.test(text)) add(position, text, 'resource');
    if (!allowsTrade && hasTradeWord(text)) add(position, text, 'trade');
  };

  const visit = (node: ts.Node): void => {
    const position = node.getStart(file);
    if (ts.isStringLiteralLike(node) || isTemplatePart(node)) checkText(node.text, position);
    if (ts.isIdentifier(node)) {
      if (isDeclaredKey(node) && names.includes(node.text)) add(position, node.text, 'name');
      if (variable.test(node.text)) add(position, node.text, 'variable');
      if (!allowsTrade && hasTradeWord(node.text)) add(position, node.text, 'trade');
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  if (!allowsTrade)
    for (const { position, text } of listComments(source)) if (hasTradeWord(text)) add(position, text, 'trade');
  return found;
}

function isTemplatePart(node: ts.Node): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}

/** True when an identifier is the key of a property in an object literal, a type or a class. */
function isDeclaredKey(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.name === node
  );
}

/** True when a text contains a business word. Words of identifiers are separated first. */
function hasTradeWord(text: string): boolean {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some((word) => TRADE.includes(word) || TRADE.includes(word.replace(/s$/, '')));
}

function listComments(source: string): { position: number; text: string }[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, source);
  const comments: { position: number; text: string }[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.SingleLineCommentTrivia || token === ts.SyntaxKind.MultiLineCommentTrivia)
      comments.push({ position: scanner.getTokenStart(), text: scanner.getTokenText() });
  }
  return comments;
}
