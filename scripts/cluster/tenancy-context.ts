import { parseConfig, PlatformModule } from '@hotline/platform';
import { RegistryModule, seedRegistry } from '@hotline/registry';
import { tenancyEntities, TenancyModule } from '@hotline/tenancy';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadMigrations } from '../../migrations/data-source.js';

@Module({})
class Tenancy {}

/** Tenants and the platform in this process, as an operator's program would use them; it runs no job by itself. */
export async function openTenancy(
  settings: Readonly<Record<string, string>>,
  jobKinds: readonly string[] = [],
): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(
    {
      module: Tenancy,
      imports: [
        PlatformModule.forRoot(parseConfig(settings), {
          entities: tenancyEntities,
          migrations: await loadMigrations(),
          seeds: [seedRegistry],
          jobKinds,
          runJobs: false,
        }),
        RegistryModule,
        TenancyModule,
      ],
    },
    { logger: false, abortOnError: false },
  );
}
