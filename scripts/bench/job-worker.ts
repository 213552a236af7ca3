/** Entry of a child process: a worker for small jobs, with the settings of its first argument, until it is told to end. */
import 'reflect-metadata';
import { JobPlatform } from './job-platform.js';

const platform = await JobPlatform.open(JSON.parse(process.argv[2] ?? '{}') as Record<string, string>);
await platform.work();
process.send?.('ready');
process.on('SIGINT', () => undefined);
process.once('disconnect', () => {
  void platform.close().then(() => process.exit(0));
});
