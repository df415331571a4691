/** The visible words of an HTML part and its links, a line for each block: for snapshots that a person can read. */
export function outline(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->|<head>[\s\S]*?<\/head>/g, '')
    .replace(/\s+/g, ' ')
    .replace(/<a [^>]*?href="([^"]*)"[^>]*>/g, '[$1] ')
    .replace(/<br[^>]*>|<\/(td|tr|th|div|table)>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/(.{1,100})( |$)/g, '$1\n')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n');
}

/** The tags of an HTML part with the names of their attributes. A value that is not escaped changes it. */
export function listTags(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-z][^\s>/]*)((?:\s+[^\s=>"]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    ([, name = '', attributes = '']) =>
      [name, ...[...attributes.matchAll(/([^\s="]+)="/g)].map(([, key]) => key)].join(' '),
  );
}
