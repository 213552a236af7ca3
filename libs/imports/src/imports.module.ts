import { CONFIG, FileStore, type Config } from '@hotline/platform';
import { RowPool } from '@hotline/rows';
import { TenancyModule } from '@hotline/tenancy';
import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CheckImport } from './check-import.js';
import { ImportSource } from './import-source.js';
import { ImportReports } from './import-reports.js';
import { ImportsService } from './imports.service.js';
import { LayoutsService } from './layouts.service.js';
import { ApplyRetention } from './retention/apply-retention.js';
import { RetentionService } from './retention/retention.service.js';
import { SegmentRepair } from './segment-repair.js';
import { SweepFiles } from './sweep-files.js';
import { SwitchImport } from './switch-import.js';
import { UploadGate } from './upload-gate.js';
import { UploadsService } from './uploads.service.js';

/** Ends the row processes with the application. */
@Injectable()
class RowPoolShutdown implements OnApplicationShutdown {
  constructor(private readonly rows: RowPool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.rows.close();
  }
}

@Global()
@Module({
  imports: [TenancyModule],
  providers: [
    {
      provide: RowPool,
      inject: [CONFIG, FileStore],
      useFactory: (config: Config, files: FileStore) =>
        new RowPool({ size: config.rowProcesses, memoryMb: config.rowMemoryMb, scratchDir: files.scratchRoot }),
    },
    RowPoolShutdown,
    SegmentRepair,
    SweepFiles,
    UploadGate,
    ImportsService,
    UploadsService,
    LayoutsService,
    ImportSource,
    ImportReports,
    CheckImport,
    SwitchImport,
    RetentionService,
    ApplyRetention,
  ],
  exports: [
    RetentionService,
    ApplyRetention,
    ImportsService,
    UploadsService,
    LayoutsService,
    ImportSource,
    ImportReports,
    RowPool,
    SegmentRepair,
  ],
})
export class ImportsModule {}
