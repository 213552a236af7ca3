import 'reflect-metadata';
import { letHeapGrow, parseConfig, readEnvironment } from '@hotline/platform';
import { startWorker } from './start-worker.js';

const refusals: ReadonlySet<string> = new Set(['ConfigError', 'MethodologyError']);

letHeapGrow();
/** A start that is refused says why in a sentence; a stack would only hide it. */
try {
  await startWorker(parseConfig(readEnvironment()), (line) => console.log(line));
} catch (error) {
  console.error(error instanceof Error && refusals.has(error.name) ? error.message : error);
  process.exit(1);
}
