import { Readable } from 'node:stream';
import {
  importEntities,
  importJobs,
  ImportsModule,
  ImportsService,
  type ImportEntity,
  type Upload,
} from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import type { DatasetId } from '@hotline/rows';
import { TenantsService } from '@hotline/tenancy';
import { testPlatform, type TestPlatform, type TestPlatformOptions } from './test-platform.js';

export interface UploadedFile {
  readonly dataset: DatasetId;
  readonly text: string;
}

/** The real imports on a platform of their own: database, jobs and row processes. */
export class TestImports {
  private constructor(
    readonly platform: TestPlatform,
    readonly service: ImportsService,
  ) {}

  static async start(options: Partial<TestPlatformOptions> = {}): Promise<TestImports> {
    const platform = await testPlatform({
      modules: [ImportsModule],
      entities: importEntities,
      jobKinds: Object.values(importJobs),
      jobTiming: { retryDelayMs: 10, pollMs: 200 },
      runJobs: true,
      poolSize: 4,
      ...options,
    });
    return new TestImports(platform, platform.app.get(ImportsService));
  }

  close(): Promise<void> {
    return this.platform.close();
  }

  async newCity(): Promise<RequestContext> {
    const { tenantId } = await this.platform.app
      .get(TenantsService)
      .createTenant({ kind: 'city', name: '武汉', cityCode: '420100', isDemo: false });
    const nobody = { memberId: null, accountId: null, apiKey: null, requestId: 'test' };
    return { tenantId, tenantKind: 'city', roles: ['analyst'], ...nobody };
  }

  /** Takes the bytes in; what becomes of them is for the jobs. */
  async send(
    ctx: RequestContext,
    file: UploadedFile,
    upload: Partial<Pick<Upload, 'commit' | 'mode'>> = {},
  ): Promise<ImportEntity> {
    return this.service.receive(ctx, Readable.from([Buffer.from(file.text)]), {
      fileName: `${file.dataset}.csv`,
      dataset: file.dataset,
      commit: true,
      ...upload,
    });
  }

  /** The import once nothing works on it any more; committed as soon as it is checked, unless told otherwise. */
  async receive(
    ctx: RequestContext,
    file: UploadedFile,
    upload: Partial<Pick<Upload, 'commit' | 'mode'>> = {},
  ): Promise<ImportEntity> {
    const { id } = await this.send(ctx, file, upload);
    return this.settled(ctx, id);
  }

  settled(ctx: RequestContext, id: string): Promise<ImportEntity> {
    return this.service.waitFor(ctx, id, 60_000);
  }
}
