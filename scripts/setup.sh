#!/usr/bin/env bash
# Prepares a fresh clone: checks Node, then installs, generates and builds what is missing. Running it again does no harm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

explain_node() {
  cat >&2 <<'END'
Install Node.js 24, for example in one of these ways, and run this again:
  nvm install            # https://github.com/nvm-sh/nvm; reads .nvmrc
  fnm install            # https://github.com/Schniz/fnm; reads .nvmrc
  brew install node@24   # macOS
  https://nodejs.org/en/download
END
  exit 1
}

if ! command -v node >/dev/null; then
  echo 'Node.js was not found.' >&2
  explain_node
fi
# Also for a version that cannot read the project's own modules.
if ! node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);
'; then
  echo "Node.js $(node --version) is too old: 20.19 or newer is needed." >&2
  explain_node
fi
if ! command -v npm >/dev/null; then
  echo 'npm was not found. It comes with Node.js.' >&2
  explain_node
fi

node scripts/setup.mjs
echo 'Ready. Start the system with: npm start'
