import { ConfigError, PlatformModule, type Config } from '@hotline/platform';
import { RegistryModule, seedRegistry } from '@hotline/registry';
import { FirstAdministrator, tenancyEntities, TenancyModule } from '@hotline/tenancy';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadMigrations } from '../../../migrations/data-source.js';

@Module({})
class MigrateModule {}

/**
 * Roles, migrations and reference data, once and to the end: the one process that needs the owner's login. Of a new
 * installation it names the link for the first administrator; run again, it names a new one, as long as there is no account.
 */
export async function prepareDatabase(config: Config, say: (line: string) => void): Promise<void> {
  if (config.database.kind !== 'external') throw new ConfigError('migrate_needs_owner');
  const app = await NestFactory.createApplicationContext(
    {
      module: MigrateModule,
      imports: [
        PlatformModule.forRoot(config, {
          entities: tenancyEntities,
          migrations: await loadMigrations(),
          seeds: [seedRegistry],
          jobKinds: [],
          runJobs: false,
        }),
        RegistryModule,
        TenancyModule,
      ],
    },
    { logger: false, abortOnError: false },
  );
  try {
    say('数据库已就绪 The database is ready');
    if (!config.demo) await app.get(FirstAdministrator).announce(say);
  } finally {
    await app.close();
  }
}
