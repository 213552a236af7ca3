import 'reflect-metadata';
import { parseConfig, readEnvironment } from '@hotline/platform';
import { prepareDatabase } from './prepare-database.js';

/** A refusal says why in a sentence; a stack would only hide it. */
try {
  await prepareDatabase(parseConfig(readEnvironment()), (line) => console.log(line));
} catch (error) {
  console.error(error instanceof Error && error.name === 'ConfigError' ? error.message : error);
  process.exit(1);
}
