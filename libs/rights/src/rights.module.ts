import { ImportsModule } from '@hotline/imports';
import { HourlyWork } from '@hotline/platform';
import { Injectable, Module } from '@nestjs/common';
import { DeleteTenant } from './deletion/delete-tenant.js';
import { DeletionsService } from './deletion/deletions.service.js';
import { DataExportsService } from './exports/data-exports.service.js';
import { ExportTenant } from './exports/export-tenant.js';

/** Looks for archives that are too old. */
@Injectable()
class ExpireExports extends HourlyWork {
  constructor(private readonly exports: DataExportsService) {
    super();
  }

  protected round(): Promise<void> {
    return this.exports.expire();
  }
}

@Module({
  imports: [ImportsModule],
  providers: [DataExportsService, ExportTenant, ExpireExports, DeletionsService, DeleteTenant],
  exports: [DataExportsService, DeletionsService],
})
export class RightsModule {}
