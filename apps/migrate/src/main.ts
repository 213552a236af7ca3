import 'reflect-metadata';
import { parseConfig, readEnvironment, startRefusal } from '@hotline/platform';
import { prepareDatabase } from './prepare-database.js';

try {
  await prepareDatabase(parseConfig(readEnvironment()), (line) => console.log(line));
} catch (error) {
  console.error(startRefusal(error));
  process.exit(1);
}
