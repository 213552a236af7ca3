import 'reflect-metadata';
import { letHeapGrow, parseConfig, readEnvironment } from '@hotline/platform';
import { startWorker } from './start-worker.js';

letHeapGrow();
/** A start that is refused says why in a sentence; a stack would only hide it. */
try {
  await startWorker(parseConfig(readEnvironment()), (line) => console.log(line));
} catch (error) {
  console.error(error instanceof Error && error.name === 'ConfigError' ? error.message : error);
  process.exit(1);
}
