import { ExpectedError } from '@shop/process';

/**
 * Replaces the lines of each block of a file, with the indentation of its marker. Everything outside the blocks stays, comments included.
 *
 * @param text - The file with its markers: `# generated: <block>` and `# end of generated`.
 * @throws ExpectedError when a block is missing
 */
export function updateBlocks(file: string, text: string, blocks: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(blocks).reduce((current, [name, lines]) => {
    const block = new RegExp(`^( *)# generated: ${name}\\n(?:.*\\n)*?\\1# end of generated\\n`, 'm');
    const indent = block.exec(current)?.[1];
    if (indent === undefined)
      throw new ExpectedError(
        `${file} has no block "${name}". Restore the lines "# generated: ${name}" and "# end of generated".`,
      );
    const marked = [`# generated: ${name}`, ...lines, '# end of generated'];
    const replacement = marked.map((line) => (line === '' ? '\n' : `${indent}${line}\n`)).join('');
    return current.replace(block, () => replacement);
  }, text);
}
