import { assessmentEntities, assessmentJobs, AssessmentsModule } from '@hotline/assessments';
import { importEntities, importJobs, ImportsModule } from '@hotline/imports';
import { CONFIG, LOG, Metrics, PlatformModule, Rates, SharedDb, TenantKeys, type Config } from '@hotline/platform';
import { RegistryModule, seedRegistry } from '@hotline/registry';
import { rightsEntities, rightsJobs, RightsModule } from '@hotline/rights';
import { tenancyEntities, TenancyModule, webhookJobs } from '@hotline/tenancy';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { loadMigrations } from '../../../migrations/data-source.js';
import { TemplateController } from './datasets/template.controller.js';
import { DemoController } from './demo/demo.controller.js';
import { DemoSeeder } from './demo/demo-seeder.js';
import { EmbedController } from './embed/embed.controller.js';
import { graphqlOptions } from './graphql.js';
import { HttpStop } from './http-stop.js';
import { AuditController } from './audit/audit.controller.js';
import { HealthController } from './health/health.controller.js';
import { PartsController } from './imports/parts.controller.js';
import { ReportController } from './imports/report.controller.js';
import { UploadController } from './imports/upload.controller.js';
import { JobChanges } from './jobs/job-changes.js';
import { AuthGuard } from './request/auth.guard.js';
import { DeclaredOperations } from './request/declared-operations.js';
import { HttpErrorFilter } from './request/error-formatter.js';
import { RepeatedMutations } from './request/repeated-mutations.js';
import { resolvers } from './resolvers.js';
import { ArchiveController } from './rights/archive.controller.js';
import { SubscriptionServer } from './subscriptions/subscription-server.js';
import { SignInProviderController } from './tenancy/sign-in-provider.controller.js';
import { WebController } from './web/web.controller.js';

/** The table of contents of the api process. */
@Module({})
export class ApiModule {
  static async forRoot(config: Config): Promise<DynamicModule> {
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forRoot(config, {
          entities: [...tenancyEntities, ...importEntities, ...assessmentEntities, ...rightsEntities],
          migrations: await loadMigrations(),
          seeds: [seedRegistry],
          jobKinds: [webhookJobs, importJobs, assessmentJobs, rightsJobs].flatMap((jobs) =>
            Object.values<string>(jobs),
          ),
          runJobs: config.apiJobs,
        }),
        DiscoveryModule,
        RegistryModule,
        TenancyModule,
        ImportsModule,
        AssessmentsModule,
        RightsModule,
        GraphQLModule.forRootAsync<ApolloDriverConfig>({
          driver: ApolloDriver,
          inject: [CONFIG],
          useFactory: graphqlOptions,
        }),
      ],
      controllers: [
        UploadController,
        PartsController,
        ReportController,
        TemplateController,
        HealthController,
        AuditController,
        ArchiveController,
        EmbedController,
        SignInProviderController,
        WebController,
        ...(config.demo ? [DemoController] : []),
      ],
      providers: [
        ...resolvers,
        DemoSeeder,
        HttpStop,
        DeclaredOperations,
        JobChanges,
        SubscriptionServer,
        { provide: Rates, useFactory: Rates.open.bind(Rates), inject: [CONFIG, LOG, SharedDb, TenantKeys, Metrics] },
        AuthGuard,
        RepeatedMutations,
        { provide: APP_GUARD, useExisting: AuthGuard },
        { provide: APP_FILTER, useClass: HttpErrorFilter },
      ],
    };
  }
}
