/**
 * Returns whether arrays and objects of a JSON text are nested deeper than a limit. It stops there, and reads no other text.
 * `JSON.parse` follows any depth, and so does everything that walks through its result.
 */
export function isDeeperThan(limit: number, text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 0x22: // a string: skip to its end
        for (index += 1; index < text.length && text.charCodeAt(index) !== 0x22; index += 1)
          if (text.charCodeAt(index) === 0x5c) index += 1;
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > limit) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
    }
  }
  return false;
}
