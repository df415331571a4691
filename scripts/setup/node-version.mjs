// @ts-check
const minimum = { major: 20, minor: 19 };

/** Ends the process with one sentence when Node is too old for the rest. */
export function requireNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > minimum.major || (major === minimum.major && minor >= minimum.minor)) return;
  console.error(
    `Node.js ${process.versions.node} is too old: install ${minimum.major}.${minimum.minor} or later, and run this again.`,
  );
  process.exit(1);
}
