import { runCommand } from './run-command.js';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

process.exitCode = await runCommand(
  process.argv.slice(2),
  { result: (text) => console.log(text), notice: (text) => console.error(text) },
  interruption.signal,
);
