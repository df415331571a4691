import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from '@shop/testing';
import { mailTemplates } from '../src/generators/mail-templates.ts';
import { openProject } from '../src/project.ts';

const folder = 'packages/mail/templates';

/** Compiles a copy of the templates after a change. Returns the generated file. */
async function compile(change: (write: (file: string, text: string | null) => void) => void) {
  const directory = await temporaryDirectory();
  const at = (file: string) => path.join(directory.path, folder, file);
  try {
    cpSync(folder, at(''), { recursive: true });
    change((file, text) => (text === null ? rmSync(at(file)) : writeFileSync(at(file), text)));
    await mailTemplates.write(openProject(directory.path), { force: false });
    return readFileSync(path.join(directory.path, 'packages/mail/src/generated/templates.ts'), 'utf8');
  } finally {
    await directory.remove();
  }
}

test('a template becomes functions, with its layout and partials in place', async () => {
  const code = await compile(() => {});
  expect(code).toMatch(/^'de\/welcome': \{$/m);
  expect(code).not.toMatch(/<mj-|\{\{/);
  expect(code).not.toContain('fonts.googleapis.com');
});

test.each([
  [
    'a template without its HTML part',
    'de/welcome.mjml',
    null,
    'de/welcome.mjml does not exist. Every template needs both',
  ],
  [
    'a template without its text part',
    'en/welcome.txt',
    null,
    'en/welcome.txt does not exist. Every template needs both',
  ],
  ['a text without a subject', 'en/welcome.txt', 'Hello\n', 'en/welcome.txt must start with "Subject: …"'],
  ['a value that is not escaped', 'en/welcome.mjml', '<mj-text>{{{name}}}</mj-text>\n', 'a value that is not escaped'],
  ['another value that is not escaped', 'en/welcome.mjml', '<mj-text>{{&name}}</mj-text>\n', 'is not escaped'],
  [
    'wrong MJML',
    'en/welcome.mjml',
    '<mj-txet>Hello</mj-txet>\n',
    'en/welcome.mjml is not MJML: mj-txet does not exist',
  ],
  ['broken MJML', 'en/welcome.mjml', '<mj-text>Hello\n', 'en/welcome.mjml is not MJML'],
  ['a wrong block', 'en/welcome.mjml', '<mj-text>{{#if name}}</mj-text>\n', 'en/welcome cannot be compiled'],
  ['an unknown partial', 'en/welcome.txt', 'Subject: x\n\n{{> nothing}}\n', 'partials/nothing.en.txt does not exist'],
])('%s is an error', async (_, file, text, message) => {
  await expect(compile((write) => write(file, text))).rejects.toThrow(message);
});
