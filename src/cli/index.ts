export { commandReference } from './reference.ts';
export { runCommandLine } from './run.ts';
