import { methodologies } from '@hotline/methodology';
import { ConfigError, LOG, MetricsServer, NestLog, type Config } from '@hotline/platform';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WorkerModule } from './worker.module.js';

/** Starts a process that runs jobs and serves nobody. Any number may run; the database decides who has which job. */
export async function startWorker(config: Config, say: (line: string) => void): Promise<INestApplicationContext> {
  // The built-in database belongs to one process, and that is the api.
  if (config.database.kind === 'embedded') throw new ConfigError('worker_needs_database');
  // Here and not in the first job: a method that cannot be used refuses the start.
  methodologies();
  const app = await NestFactory.createApplicationContext(await WorkerModule.forRoot(config), {
    abortOnError: false,
    // Nest would print a refused start with its stack, before main.ts can say it in a sentence.
    logger: false,
  });
  app.enableShutdownHooks([], { useProcessExit: true });
  app.useLogger(new NestLog(app.get(LOG)));
  app.get(MetricsServer).announce(say);
  say('热线指数任务进程就绪 Hotline Index worker ready');
  return app;
}
