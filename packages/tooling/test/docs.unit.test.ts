import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import GithubSlugger from 'github-slugger';
import { marked, type Token } from 'marked';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));

function readTokens(file: string): Token[] {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(readFileSync(file, 'utf8')), (token) => void tokens.push(token));
  return tokens;
}

/** The anchors of a page: one for each heading. */
function readAnchors(file: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const headings = readTokens(file).flatMap((token) => (token.type === 'heading' ? [String(token['text'])] : []));
  return new Set(headings.map((text) => slugger.slug(text.replace(/[`*_]|\[([^\]]*)\]\([^)]*\)/g, '$1'))));
}

/** A sentence for each dead relative link of a page. */
function findDeadLinks(file: string): string[] {
  const links = readTokens(file).flatMap((token) =>
    token.type === 'link' || token.type === 'image' ? [String(token['href'])] : [],
  );
  return links.flatMap((href) => {
    if (/^[a-z][a-z\d+.-]*:/i.test(href)) return [];
    const [place = '', anchor] = decodeURIComponent(href).split('#');
    const target = place === '' ? file : path.posix.join(path.posix.dirname(file), place);
    if (!existsSync(target)) return [`${file}: ${href} leads to no file`];
    if (anchor === undefined || !target.endsWith('.md') || readAnchors(target).has(anchor)) return [];
    return [`${file}: ${href} leads to no heading`];
  });
}

/** Each `npm run NAME` in a code block or in inline code. */
function findScripts(file: string): string[] {
  const code = readTokens(file).flatMap((token) =>
    token.type === 'code' || token.type === 'codespan' ? [String(token['text'])] : [],
  );
  return code.flatMap((text) => [...text.matchAll(/\bnpm run ([\w:-]+)\b(?! -w)/g)].map(([, name = '']) => name));
}

test('the pages of the project are found', () => {
  expect(files).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md']));
});

test.each(files)('%s has no dead link', (file) => {
  expect(findDeadLinks(file)).toEqual([]);
});

test('a dead link is reported', () => {
  const links = '[a](nowhere.md) [b](README.md#no-such-heading) [c](#two-commands) [d](https://example.com)';
  expect(marked.lexer(links)).toHaveLength(1);
  expect(readAnchors('README.md')).toContain('two-commands');
  expect(readAnchors('README.md')).not.toContain('no-such-heading');
});

test('every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const unknown = files.flatMap((file) =>
    findScripts(file)
      .filter((name) => !(name in scripts) && name !== 'build')
      .map((name) => `${file}: npm run ${name}`),
  );
  expect(unknown).toEqual([]);
});
