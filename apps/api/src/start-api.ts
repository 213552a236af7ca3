import { methodologies } from '@hotline/methodology';
import { ConfigError, isLoopback, LOG, MetricsServer, NestLog, type Config } from '@hotline/platform';
import { FirstAdministrator } from '@hotline/tenancy';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from './api.module.js';
import { DemoSeeder } from './demo/demo-seeder.js';
import { httpAdapter, prepareHttp } from './http.js';
import { serveQueueBoard } from './jobs/queue-board.js';
import { ApiFailure } from './request/api-failure.js';

/** Starts the api process: database, migrations, jobs, HTTP; then, in a demo, its data in the background. */
export async function startApi(config: Config, say: (line: string) => void): Promise<NestFastifyApplication> {
  // Now, while nobody waits: it takes the better part of a second. A method that cannot be used refuses the start.
  methodologies();
  const app = await NestFactory.create<NestFastifyApplication>(
    await ApiModule.forRoot(config),
    httpAdapter(config.trustProxy),
    {
      bodyParser: false,
      abortOnError: false,
      // Nest would print a refused start with its stack, before main.ts can say it in a sentence.
      logger: false,
    },
  );
  await prepareHttp(app, config);
  await serveQueueBoard(app);
  app.useGlobalPipes(
    new ValidationPipe({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      // Names the field and what was expected, never the value.
      exceptionFactory: (errors) =>
        new ApiFailure('bad_input', 400, {
          problems: errors.flatMap((error) => Object.values(error.constraints ?? { [error.property]: error.property })),
        }),
    }),
  );
  app.enableShutdownHooks([], { useProcessExit: true });
  await listen(app, config);
  app.useLogger(new NestLog(app.get(LOG)));
  app.get(MetricsServer).announce(say);
  say(`热线指数 Hotline Index  ${addressToOpen(config.publicUrl, await app.getUrl())}`);
  if (config.demo) await app.get(DemoSeeder).start(say);
  // Else another process has prepared the database and has said it: of several links only the newest counts.
  else if (config.database.kind !== 'prepared') await app.get(FirstAdministrator).announce(say);
  return app;
}

/**
 * Where people open it: on this machine the public address itself, as only from there anything is taken that changes
 * something; else, as behind a proxy, where it listens.
 */
function addressToOpen(publicUrl: string, listening: string): string {
  const [outside, own] = [new URL(publicUrl), new URL(listening)];
  const isSame = outside.port === own.port && isLoopback(outside.hostname) && isLoopback(own.hostname);
  return isSame ? publicUrl : listening;
}

/** A port that is taken ends the start with a sentence, and with the database stopped again. */
async function listen(app: NestFastifyApplication, { port, host }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ConfigError('port_in_use', { port: String(port) });
  }
}
