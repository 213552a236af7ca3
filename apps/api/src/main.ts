import 'reflect-metadata';
import { letHeapGrow, parseConfig, readEnvironment } from '@hotline/platform';
import { startApi } from './start-api.js';

letHeapGrow();
/** A start that is refused says why in a sentence; a stack would only hide it. */
try {
  const config = parseConfig(readEnvironment());
  await startApi(config, (line) => console.log(line));
} catch (error) {
  console.error(error instanceof Error && error.name === 'ConfigError' ? error.message : error);
  process.exit(1);
}
