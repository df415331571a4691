# Prepares a fresh clone: checks Node, then installs, generates and builds what is missing. Running it again does no harm.
$ErrorActionPreference = 'Stop'

function Stop-WithNodeHelp([string] $Problem) {
    Write-Host $Problem
    Write-Host @'
Install Node.js 24, for example in one of these ways, and run this again:
  winget install OpenJS.NodeJS.LTS
  fnm install                        # https://github.com/Schniz/fnm; reads .nvmrc
  https://nodejs.org/en/download
'@
    exit 1
}

if (-not (Get-Command node -ErrorAction SilentlyContinue)) { Stop-WithNodeHelp 'Node.js was not found.' }
$version = [version](node -p 'process.versions.node')
if ($version -lt [version]'20.19') { Stop-WithNodeHelp "Node.js $version is too old: 20.19 or newer is needed." }
if (-not (Get-Command npm -ErrorAction SilentlyContinue)) { Stop-WithNodeHelp 'npm was not found. It comes with Node.js.' }

Push-Location (Join-Path $PSScriptRoot '..')
try {
    node scripts/setup.mjs
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    Write-Host 'Ready. Start the system with: npm start (on Windows, inside WSL 2)'
}
finally {
    Pop-Location
}
