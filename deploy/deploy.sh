#!/usr/bin/env bash
# Deploys a release, for example: deploy/deploy.sh --target kubernetes --environment staging --dry-run
# It needs Node, and docker or kubectl. docs/operations/deploy.md explains the options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec npm run --silent shop -- deploy "$@"
