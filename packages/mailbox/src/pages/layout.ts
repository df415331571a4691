import { createHash } from 'node:crypto';
import { Markup, markup } from './markup.ts';

const style = `
:root { color-scheme: light dark; --line: #d9dee5; --muted: #52606d; --accent: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4450; --muted: #9fb0c0; --accent: #8ab4ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-bottom: 1rem; }
input, button { font: inherit; padding: .35rem .6rem; }
input { flex: 1 1 14rem; min-width: 0; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .5rem .5rem .5rem 0; border-bottom: 1px solid var(--line); }
th, td { overflow-wrap: anywhere; }
th { font-weight: 600; color: var(--muted); }
.when { white-space: nowrap; }
.muted { color: var(--muted); }
iframe { width: 100%; height: 70vh; border: 1px solid var(--line); border-radius: 6px; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid var(--line); border-radius: 6px; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); }
  tr { display: block; border-bottom: 1px solid var(--line); padding: .5rem 0; }
  td { display: block; border: 0; padding: .1rem 0; }
}
`;

/** The page's own policy: no script, nothing from other servers, and a message only inside its frame. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A whole page. */
export function layout(title: string, content: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${content}
</body>
</html>
`.text;
}
