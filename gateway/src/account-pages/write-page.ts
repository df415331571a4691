import { createHash } from 'node:crypto';
import { escapeHtml } from '@shop/process';
import { type Language, texts } from './texts.ts';
import type { PageMutation } from './run-mutation.ts';

const style = `
:root { color-scheme: light dark; --accent: #1d4ed8; --on-accent: #fff; --error: #b42318; --line: #8a94a0; }
@media (prefers-color-scheme: dark) { :root { --accent: #8ab4ff; --on-accent: #10182b; --error: #ff9c8f; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 28rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
input { width: 100%; font: inherit; padding: .6rem; border: 1px solid var(--line); border-radius: 6px; }
#rule { margin: .25rem 0 0; font-size: .9rem; }
button { width: 100%; font: inherit; font-weight: 600; padding: .75rem; margin-top: 1rem; border: 0; border-radius: 6px; }
button { background: var(--accent); color: var(--on-accent); cursor: pointer; }
.error { color: var(--error); }
`;

/** No script, nothing from other servers, no frame around it. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The content of a page. */
export interface PageContent {
  readonly mutation: PageMutation;
  readonly language: Language;
  /** With it, the page has the form. */
  readonly token?: string;
  readonly message?: string;
  readonly isError?: boolean;
}

/** A page that works without scripts, on a phone and with a screen reader. */
export function writePage({ mutation, language, token, message, isError = false }: PageContent): string {
  const { title, explanation } = texts[language].pages[mutation];
  const role = isError ? 'role="alert" class="error"' : 'role="status"';
  const notice = message === undefined ? '' : `<p id="message" ${role}>${escapeHtml(message)}</p>`;
  const form = token === undefined ? '' : `<p>${explanation}</p>\n${writeForm(mutation, language, token, isError)}`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${isError ? '⚠ ' : ''}${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${notice}
${form}
</main>
</body>
</html>
`;
}

/** The address of the form is relative, so that it works behind a proxy that adds a path, and has no token. */
function writeForm(mutation: PageMutation, language: Language, token: string, isError: boolean): string {
  const { newPassword, passwordRule, pages } = texts[language];
  const state = isError ? 'aria-describedby="message rule" aria-invalid="true"' : 'aria-describedby="rule"';
  const password = `<label for="new-password">${newPassword}</label>
<input id="new-password" name="newPassword" type="password" autocomplete="new-password" required ${state}>
<p id="rule">${passwordRule}</p>
`;
  return `<form method="post" action="./${paths[mutation].slice(1)}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
${mutation === 'resetPassword' ? password : ''}<button type="submit">${pages[mutation].button}</button>
</form>
`;
}

/** The paths of the pages. Links in messages have them. */
export const paths: Readonly<Record<PageMutation, string>> = {
  verifyEmail: '/verify-email',
  resetPassword: '/reset-password',
  unsubscribe: '/unsubscribe',
};
