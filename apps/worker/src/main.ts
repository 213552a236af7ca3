import 'reflect-metadata';
import { letHeapGrow, parseConfig, readEnvironment, startRefusal } from '@hotline/platform';
import { startWorker } from './start-worker.js';

letHeapGrow();
try {
  await startWorker(parseConfig(readEnvironment()), (line) => console.log(line));
} catch (error) {
  console.error(startRefusal(error));
  process.exit(1);
}
