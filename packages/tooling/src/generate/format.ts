import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ExpectedError } from '@shop/process';
import type { FormatConfig, Oxfmtrc } from 'oxfmt';
import picomatch from 'picomatch';
import type { GeneratedFiles } from './generator.ts';

/** The files that oxfmt formats, by their names' ends. */
const formatted = /\.(ts|[cm]?js|json|ya?ml|md|graphql|toml)$/;

/** Formats generated files as `npm run format` does all others, so that one check covers both. */
export async function formatFiles(root: string, files: GeneratedFiles): Promise<GeneratedFiles> {
  const { format } = await import('oxfmt');
  const config = JSON.parse(readFileSync(path.join(root, '.oxfmtrc.json'), 'utf8')) as Oxfmtrc;
  const results = await Promise.all(
    Object.entries(files).map(async ([file, text]) => {
      if (!formatted.test(file)) return [file, text] as const;
      const { code, errors } = await format(file, text, optionsFor(file, config));
      const [error] = errors;
      if (error !== undefined)
        throw new ExpectedError(`The generated file ${file} cannot be formatted: ${error.message}`);
      return [file, code] as const;
    }),
  );
  return Object.fromEntries(results);
}

/** The interface of oxfmt looks for no configuration itself. A pattern without a slash is that of a name, in any folder. */
function optionsFor(file: string, { overrides = [], ignorePatterns: _, ...common }: Oxfmtrc): FormatConfig {
  const own = overrides.filter(({ files }) => picomatch.isMatch(file, files, { basename: true }));
  return Object.assign({}, common, ...own.map(({ options }) => options)) as FormatConfig;
}
