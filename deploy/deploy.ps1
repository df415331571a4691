# Deploys a release, for example: deploy\deploy.ps1 --target kubernetes --environment staging --dry-run
# It needs Node, and docker or kubectl. docs/operations/deploy.md explains the options.
$ErrorActionPreference = 'Stop'
Push-Location (Join-Path $PSScriptRoot '..')
try {
    # Not through npm: PowerShell would take the `--` before the options for itself.
    node scripts/shop.mjs deploy @args
    exit $LASTEXITCODE
}
finally {
    Pop-Location
}
