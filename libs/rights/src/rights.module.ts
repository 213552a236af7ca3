import { ImportsModule } from '@hotline/imports';
import { Injectable, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DeleteTenant } from './deletion/delete-tenant.js';
import { DeletionsService } from './deletion/deletions.service.js';
import { DataExportsService } from './exports/data-exports.service.js';
import { ExportTenant } from './exports/export-tenant.js';

const hourMs = 3_600_000;

/** Looks for archives that are too old, at the start and every hour. */
@Injectable()
class ExpireExports implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(ExpireExports.name);
  private timer: NodeJS.Timeout | undefined;
  private expiring: Promise<void> = Promise.resolve();

  constructor(private readonly exports: DataExportsService) {}

  onApplicationBootstrap(): void {
    const expire = (): void => {
      this.expiring = this.exports.expire().catch((error: unknown) => this.log.error(error));
    };
    expire();
    this.timer = setInterval(expire, hourMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.expiring;
  }
}

@Module({
  imports: [ImportsModule],
  providers: [DataExportsService, ExportTenant, ExpireExports, DeletionsService, DeleteTenant],
  exports: [DataExportsService, DeletionsService],
})
export class RightsModule {}
