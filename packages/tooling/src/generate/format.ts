import path from 'node:path';
import { ExpectedError } from '@shop/process';
import type { GeneratedFiles } from './generator.ts';

/** Formats generated files as Prettier formats all others, so that one check covers both. */
export async function formatFiles(root: string, files: GeneratedFiles): Promise<GeneratedFiles> {
  const prettier = await import('prettier');
  const formatted = await Promise.all(
    Object.entries(files).map(async ([file, text]) => {
      const options = await prettier.resolveConfig(path.join(root, file));
      // Prose is wrapped in Markdown alone: in YAML the option would break long values over several lines.
      const proseWrap = file.endsWith('.md') ? 'always' : 'preserve';
      const { inferredParser } = await prettier.getFileInfo(path.join(root, file));
      if (inferredParser === null) return [file, text] as const;
      try {
        return [file, await prettier.format(text, { ...options, proseWrap, filepath: file })] as const;
      } catch (error) {
        throw new ExpectedError(`The generated file ${file} cannot be formatted: ${(error as Error).message}`);
      }
    }),
  );
  return Object.fromEntries(formatted);
}
