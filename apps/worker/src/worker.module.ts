import { assessmentEntities, assessmentJobs, AssessmentsModule } from '@hotline/assessments';
import { importEntities, importJobs, ImportsModule } from '@hotline/imports';
import { PlatformModule, type Config } from '@hotline/platform';
import { RegistryModule, seedRegistry } from '@hotline/registry';
import { rightsEntities, rightsJobs, RightsModule } from '@hotline/rights';
import { tenancyEntities, TenancyModule, webhookJobs } from '@hotline/tenancy';
import { Module, type DynamicModule } from '@nestjs/common';
import { loadMigrations } from '../../../migrations/data-source.js';

/** The table of contents of the worker: the service layer of the api, and nobody to talk to. */
@Module({})
export class WorkerModule {
  static async forRoot(config: Config): Promise<DynamicModule> {
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forRoot(config, {
          entities: [...tenancyEntities, ...importEntities, ...assessmentEntities, ...rightsEntities],
          migrations: await loadMigrations(),
          seeds: [seedRegistry],
          jobKinds: [webhookJobs, importJobs, assessmentJobs, rightsJobs].flatMap((jobs) =>
            Object.values<string>(jobs),
          ),
          runJobs: true,
        }),
        RegistryModule,
        TenancyModule,
        ImportsModule,
        AssessmentsModule,
        RightsModule,
      ],
    };
  }
}
