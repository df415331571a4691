export { run } from './run.ts';
export { Complaint } from './complaint.ts';
export { openTerminal, type Terminal } from './terminal/terminal.ts';
