import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { templates } from '../generated/templates.ts';
import type { Locale } from './locales.ts';
import { type Requirement, requirements, type TemplateData, type TemplateName } from './template-data.ts';
import { createView, onOneLine } from './view.ts';

/** The parts of one message. The subject is a single line. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * Writes a message in a language. Every value is escaped in the HTML part and is a single line in the other parts. Amounts have the
 * decimals of their currency.
 *
 * @throws RangeError when the data lacks something that the template needs, has a link that is no URL of HTTP, or an unknown currency
 */
export function renderMail(template: TemplateName, locale: Locale, data: TemplateData): RenderedMail {
  const missing = requirements[template].filter((requirement) => isMissing(data, requirement));
  if (missing.length > 0) throw new RangeError(`The template ${template} needs ${missing.join(', ')}.`);
  const view = createView(data, locale);
  const parts = readTemplate(template, locale);
  const subject = onOneLine(parts.subject(view));
  return { subject, text: parts.text(view), html: parts.html({ ...view, subject }) };
}

function isMissing(data: TemplateData, requirement: Requirement): boolean {
  const value = requirement
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], data);
  return value == null;
}

/** The package types its runtime as an empty module. */
const { template: prepare } = runtime as unknown as Pick<typeof Handlebars, 'template'>;

type Part = 'subject' | 'text' | 'html';
type ReadyTemplate = Readonly<Record<Part, (view: object) => string>>;
const ready = new Map<string, ReadyTemplate>();

/** Prepares a template at its first use: a process needs few of them at once. */
function readTemplate(template: TemplateName, locale: Locale): ReadyTemplate {
  const key = `${locale}/${template}`;
  const known = ready.get(key);
  if (known !== undefined) return known;
  const compiled = templates[key];
  if (compiled === undefined) throw new RangeError(`There is no template ${key}.`);
  const prepared = {
    subject: prepare(compiled.subject),
    text: prepare(compiled.text),
    html: prepare(compiled.html),
  };
  ready.set(key, prepared);
  return prepared;
}
