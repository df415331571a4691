import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ExpectedError } from '@shop/process';
import type { LocalGenerator } from '../generate/generator.ts';
import type { Project } from '../project.ts';

const folder = 'packages/mail/templates';
const output = 'packages/mail/src/generated/templates.ts';

/**
 * Compiles the templates of mail: MJML to HTML, and Handlebars to functions. The services load the result, and neither MJML nor
 * the parser of Handlebars.
 */
export const mailTemplates: LocalGenerator = {
  kind: 'local',
  name: 'mail templates',
  inputs: () => [folder],
  isPresent: ({ root }) => existsSync(path.join(root, output)),
  async write(project) {
    const [toHtml, compile] = await Promise.all([loadMjml(), loadHandlebars()]);
    const entries = listTemplates(project).map((template) => {
      const { subject, text, mjml } = readParts(project, template);
      // A text has no markup that a value could break.
      return `'${template}': {
        subject: ${compile(template, subject, { escapes: false })},
        text: ${compile(template, text, { escapes: false })},
        html: ${compile(template, toHtml(template, mjml), { escapes: true })},
      },`;
    });
    const file = path.join(project.root, output);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${header}${entries.join('\n')}\n};\n`);
  },
};

const header = `// @ts-nocheck
// Made by \`npm run generate\` from ${folder}.
/** The parts of each template, by \`<locale>/<name>\`. */
export const templates: Readonly<Record<string, Readonly<Record<'subject' | 'text' | 'html', TemplateSpecification>>>> = {
`;

/** `<locale>/<name>` of every template. Both parts are required. */
function listTemplates(project: Project): string[] {
  const locales = project
    .list(`${folder}/layout`)
    .filter((file) => file.endsWith('.mjml'))
    .map((file) => path.basename(file, '.mjml'));
  return locales.flatMap((locale) => {
    const files = project.list(`${folder}/${locale}`);
    const names = [...new Set(files.map((file) => path.basename(file, path.extname(file))))];
    return names.map((name) => `${locale}/${name}`);
  });
}

/** The parts of a template inside their layouts, with all partials in place. */
function readParts(project: Project, template: string): { subject: string; text: string; mjml: string } {
  const locale = path.dirname(template);
  const wrap = (content: string, suffix: '.mjml' | '.txt'): string =>
    readPart(project, `layout/${locale}${suffix}`)
      .replace('{{> content}}\n', () => content)
      .replace(/\{\{> ([a-z-]+)\}\}\n?/g, (_, name: string) =>
        readPart(project, `partials/${name}.${locale}${suffix}`),
      );
  const { subject, body } = splitText(template, readPart(project, `${template}.txt`));
  return { subject, text: wrap(body, '.txt'), mjml: wrap(readPart(project, `${template}.mjml`), '.mjml') };
}

function readPart(project: Project, file: string): string {
  const text = project.read(`${folder}/${file}`);
  if (text === undefined) throw new ExpectedError(`${folder}/${file} does not exist. Every template needs both parts.`);
  return text;
}

function splitText(template: string, text: string): { subject: string; body: string } {
  const match = /^Subject: (.+)\n\n([\s\S]+)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new ExpectedError(`${folder}/${template}.txt must start with "Subject: …" and an empty line.`);
  return { subject: match[1], body: match[2] };
}

/** Handlebars and MJML are loaded when they are needed: most commands do not generate. */
async function loadHandlebars(): Promise<(template: string, source: string, how: { escapes: boolean }) => string> {
  const { default: Handlebars } = await import('handlebars');
  return (template, source, { escapes }) => {
    if (/\{\{\{|\{\{&/.test(source))
      throw new ExpectedError(`${folder}/${template} has a value that is not escaped. Write {{value}}.`);
    try {
      // `strict` refuses names that the view does not have.
      return String(Handlebars.precompile(source, { strict: true, noEscape: !escapes, knownHelpersOnly: true }));
    } catch (error) {
      throw new ExpectedError(`${folder}/${template} cannot be compiled: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
}

async function loadMjml(): Promise<(template: string, source: string) => string> {
  const { Engine } = await import('mrml');
  const engine = new Engine();
  // MJML loads known fonts from Google, which would learn who reads which message.
  engine.setRenderOptions({ disableComments: false, socialIconOrigin: null, fonts: {} });
  return (template, source) => {
    const result = engine.toHtml(source);
    if (result.type === 'error') throw new ExpectedError(`${folder}/${template}.mjml is not MJML: ${result.message}`);
    const [warning] = result.warnings;
    if (warning !== undefined) throw new ExpectedError(`${folder}/${template}.mjml: ${warning.kind}.`);
    // Elements that it does not know stay as they are.
    const unknown = /<(mj-[a-z-]+)/.exec(result.content)?.[1];
    if (unknown !== undefined)
      throw new ExpectedError(`${folder}/${template}.mjml is not MJML: ${unknown} does not exist.`);
    return result.content;
  };
}
