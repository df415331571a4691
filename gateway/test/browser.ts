import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { isExecutable } from './programs.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const folders = [
  ...(process.env['PATH'] ?? '').split(path.delimiter),
  '/usr/bin',
  '/Applications/Google Chrome.app/Contents/MacOS',
];

/** The Chromium of this machine: `CHROMIUM_BIN`, or one of the usual names. Nothing is downloaded. */
export function findChromium(): string | undefined {
  const candidates = [
    process.env['CHROMIUM_BIN'],
    ...folders.flatMap((folder) => [...names, 'Google Chrome'].map((name) => path.join(folder, name))),
  ];
  return candidates.find((file) => file !== undefined && isExecutable(file));
}

export function openBrowser(executablePath: string): Promise<Browser> {
  // Containers run as root, and Chromium has no sandbox as root. It opens only our own pages here.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'], timeout: 60_000 });
}
