/** The exit codes of a command. Every command's help lists them. */
export const exitCodes = {
  /** The command did its work. */
  ok: 0,
  /** It ran, and found a problem: refused rows, differences, pending migrations, a request that was rejected. */
  found: 1,
  /** The command line is wrong: an unknown command, an unknown option, or a value that is not allowed. */
  usage: 2,
  /** Something that the command needs is unavailable: a database, the API, a file. Trying again later may help. */
  unavailable: 3,
  /** A defect of the program itself. */
  fault: 70,
  /** Ctrl-C stopped the command. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodesHelp = `Exit codes:
  0    the command did what it was asked to do
  1    it found a problem: rows that were refused, differences, or a request that was rejected
  2    the command line is wrong
  3    something that it needs is not available: a database, the API, or a file
  70   an unexpected error: run the command again with --debug and report it
  130  it was stopped by Ctrl-C`;
