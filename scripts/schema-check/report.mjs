/** Prints one comparison for people: what breaks first. */
export function reportComparison(title, base, { breaking, dangerous, safe, invalid }) {
  if (breaking.length + dangerous.length + safe.length === 0) return console.log(`${title}: as in ${base}`);
  console.log(
    `${title}, against ${base}: ${breaking.length} breaking, ${dangerous.length} dangerous, ${safe.length} safe`,
  );
  for (const { message, brokenOperations } of breaking) {
    line('breaking', message);
    for (const { name, file } of brokenOperations) console.log(`             breaks ${name} (${file})`);
  }
  for (const { operation, message } of invalid)
    line('breaking', `${operation.name} (${operation.file}) is not valid any more: ${message}`);
  for (const message of dangerous) line('dangerous', message);
  for (const message of safe) line('safe', message);
}

const line = (level, message) => console.log(`  ${level.padEnd(10)} ${message}`);
