const MINIMUM = [20, 19];

/** Ends the process with one sentence where Node is too old for the rest to be understood by it. */
export function requireNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  console.error(
    `Node.js ${process.versions.node} is too old: install ${MINIMUM.join('.')} or later, and run this again.`,
  );
  process.exit(1);
}
