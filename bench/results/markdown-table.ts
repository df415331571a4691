/** A table in Markdown with aligned columns: text to the left, numbers to the right. */
export function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = ['---', ...Array.from({ length: head.length - 1 }, () => '---:')];
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)));
  const pad = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  return [pad(head), `| ${rule.join(' | ')} |`, ...lines.map(pad)].join('\n');
}
