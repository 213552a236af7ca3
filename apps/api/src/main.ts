import 'reflect-metadata';
import { letHeapGrow, parseConfig, readEnvironment, startRefusal } from '@hotline/platform';
import { startApi } from './start-api.js';

letHeapGrow();
try {
  await startApi(parseConfig(readEnvironment()), (line) => console.log(line));
} catch (error) {
  console.error(startRefusal(error));
  process.exit(1);
}
