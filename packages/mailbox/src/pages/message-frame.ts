/** The permissions of a message's frame: it opens links outside of itself. */
export const sandbox = 'allow-popups allow-popups-to-escape-sandbox';

/**
 * The policy of a message's HTML. It runs in a sandbox without an origin: no script, no form and no request, not even for a picture,
 * which would tell a sender that the message was read. Links open in a new tab.
 */
export const framePolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  `sandbox ${sandbox}`,
].join('; ');

/** The HTML of a message, whose links open in a new tab: inside the frame they would be refused. */
export function openLinksInTabs(html: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => head + base) : base + html;
}
