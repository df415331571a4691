import { readdirSync } from 'node:fs';
import { type Locale, locales, renderMail, type TemplateName, templateNames } from '../src/index.ts';
import { listTags, outline } from './outline.ts';
import { fullData, leastData, withTexts } from './sample-data.ts';

const all: readonly (readonly [Locale, TemplateName])[] = locales.flatMap((locale) =>
  templateNames.map((name) => [locale, name] as const),
);
const order = (currencyCode: string, totalMinor: number) => ({
  order: { ...fullData.order!, currencyCode, totalMinor, lines: [] },
});

test('every template has both parts in every locale, and no other file is there', () => {
  expect(locales.length * templateNames.length).toBe(40);
  for (const locale of locales)
    expect(readdirSync(`packages/mail/templates/${locale}`).sort()).toEqual(
      templateNames.flatMap((name) => [`${name}.mjml`, `${name}.txt`]).sort(),
    );
});

describe.each(all)('%s %s', (locale, template) => {
  test('says what it said before', () => {
    const { subject, text, html } = renderMail(template, locale, fullData);
    expect(`Subject: ${subject}\n\n${text}\n=== HTML\n${outline(html)}\n`).toMatchSnapshot();
    expect(html).toContain(`<html lang="${locale}"`);
    // It loads nothing: a picture or a font would tell others that the message was read.
    expect(
      html.replace(/href="https:\/\/shop\.example\/[^"]*"|xmlns="[^"]*"|>https:\/\/shop\.example[^<]*</g, ''),
    ).not.toMatch(/https?:|url\(|@import|src=/);
  });

  test('has no gap without the data that may be missing', () => {
    const { subject, text, html } = renderMail(template, locale, leastData(template));
    for (const part of [subject, text, outline(html)])
      expect(part).not.toMatch(/\{\{|\}\}|undefined|null|NaN|\[object|\n\n\n/);
    expect(text).toMatch(/^(Hello|Hallo),\n\n\S/);
    expect(html).not.toContain('href=""');
    expect(html).not.toMatch(/Unsubscribe|Stop messages|abbestellen/);
  });

  test('shows markup in values as text', () => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'{{name}}';
    const { html } = renderMail(template, locale, withTexts(fullData, hostile));
    expect(listTags(html)).toEqual(listTags(renderMail(template, locale, fullData).html));
    expect(html).not.toMatch(/<script|<img/);
  });

  test('keeps values with line breaks on one line', () => {
    const { subject, text } = renderMail(
      template,
      locale,
      withTexts(fullData, 'a\r\nBcc: x@example.com\n\u2028\u2029b'),
    );
    expect(subject).not.toMatch(/[\r\n\u2028\u2029]/);
    expect(text).not.toMatch(/^Bcc:/m);
  });
});

test.each([
  ['en', 'USD', 123_456, '$1,234.56'],
  ['de', 'USD', 123_456, '1.234,56 $'],
  ['de', 'EUR', 5, '0,05 €'],
  ['en', 'JPY', 123_456, '¥123,456'],
  ['de', 'JPY', 123_456, '123.456 ¥'],
  ['en', 'KWD', 123_456, 'KWD 123.456'],
  ['de', 'KWD', 1, '0,001 KWD'],
  ['en', 'MRU', 150, 'MRU 1.50'],
] as const)('%s writes %s %d in minor units as %s', (locale, currencyCode, totalMinor, expected) => {
  const { text } = renderMail('order-paid', locale, order(currencyCode, totalMinor));
  expect(text.replaceAll('\u00a0', ' ')).toContain(expected);
});

test('writes times in the time zone of the data, and names it', () => {
  const render = (locale: Locale, timeZone?: string) =>
    renderMail('password-reset', locale, { ...fullData, timeZone }).text;
  expect(render('en')).toContain('15 January 2027 at 09:00 UTC');
  expect(render('de', 'Europe/Berlin')).toContain('15. Januar 2027 um 10:00 MEZ');
});

test.each([
  ['a link that runs code', { link: 'javascript:alert(1)' }, 'must be a full URL'],
  ['a link without a host', { link: '/reset-password?token=secret' }, 'must be a full URL'],
  ['an unknown currency', order('XXY', 1), 'XXY is not a currency'],
])('refuses %s', (_, data, message) => {
  expect(() => renderMail('order-paid', 'en', { ...fullData, ...data })).toThrow(message);
});

test('names what a template needs, and no secret', () => {
  expect(() => renderMail('password-reset', 'en', {})).toThrow('password-reset needs link, linkExpiresAt.');
  expect(() => renderMail('order-refunded', 'en', { order: { ...fullData.order!, refundedMinor: null } })).toThrow(
    'order-refunded needs order.refundedMinor.',
  );
  expect(() => renderMail('welcome', 'en', { link: 'ftp://x?token=secret' })).toThrow(/^(?!.*secret)/);
});
