import type { Readable } from 'node:stream';
import { CONFIG, FileStore, isDiskFull, TenantDb, type Config, type RequestContext } from '@hotline/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ImportError } from './import-error.js';
import { pacedBody } from './paced-body.js';

const retryAfterSeconds = 5;

/** Lets files in: so many at once, so large, and only while the disk and the tenant's quota have room for them. */
@Injectable()
export class UploadGate {
  private readonly receiving = new Map<string, number>();
  private readonly limits: Config['uploads'];

  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    @Inject(CONFIG) config: Config,
  ) {
    this.limits = config.uploads;
  }

  /**
   * Runs `work` as one of the files this process handles at a time; of one tenant at most half of them.
   * @throws ImportError uploads_busy, disk_full
   */
  async pass<T>({ tenantId }: Pick<RequestContext, 'tenantId'>, work: () => Promise<T>): Promise<T> {
    const own = this.receiving.get(tenantId) ?? 0;
    const all = [...this.receiving.values()].reduce((sum, count) => sum + count, 0);
    if (all >= this.limits.atOnce || own >= Math.ceil(this.limits.atOnce / 2)) {
      throw new ImportError('uploads_busy', { retryAfterSeconds });
    }
    this.receiving.set(tenantId, own + 1);
    try {
      return await work();
    } catch (error) {
      throw isDiskFull(error) ? new ImportError('disk_full') : error;
    } finally {
      const left = (this.receiving.get(tenantId) ?? 1) - 1;
      if (left > 0) this.receiving.set(tenantId, left);
      else this.receiving.delete(tenantId);
    }
  }

  /**
   * Whether a file of so many bytes may come; null where its sender did not say. Returns how many may come at most.
   * @throws ImportError file_too_large, disk_full, quota_full
   */
  async admit(ctx: RequestContext, announced: number | null): Promise<number> {
    const { maxBytes, quotaBytes } = this.limits;
    if ((announced ?? 0) > maxBytes) throw this.tooLarge();
    await this.requireDisk(announced ?? 0);
    const waiting = await this.waitingBytes(ctx);
    const left = quotaBytes - waiting;
    if (left <= 0 || (announced ?? 0) > left) throw this.quotaFull();
    return Math.min(maxBytes, left);
  }

  /** The body as long as its sender keeps the pace and sends no more than `maxBytes`. */
  paced(body: Readable, maxBytes: number, tooLarge?: () => ImportError): Readable {
    const { minRate, windowMs } = this.limits;
    const isQuota = maxBytes < this.limits.maxBytes;
    return pacedBody(body, {
      ...{ maxBytes, minRate, windowMs },
      tooLarge: tooLarge ?? (() => (isQuota ? this.quotaFull() : this.tooLarge())),
    });
  }

  /** @throws ImportError disk_full */
  async requireDisk(bytes: number): Promise<void> {
    const free = await this.files.freeBytes();
    if (free - bytes < this.limits.reserveBytes) throw new ImportError('disk_full');
  }

  /** Source files that were not committed yet, and uploads by parts that were begun, as announced. */
  private async waitingBytes(ctx: RequestContext): Promise<number> {
    return this.db.runReadOnly(ctx, async (manager) => {
      const [row]: { bytes: string }[] = await manager.query(
        `select (select coalesce(sum(bytes), 0) from "import"
                 where tenant_id = $1 and source_file is not null and uploaded_at > now() - interval '1 day')
              + (select coalesce(sum(bytes), 0) from upload
                 where tenant_id = $1 and import_id is null and started_at > now() - interval '1 day') as bytes`,
        [ctx.tenantId],
      );
      return Number(row?.bytes);
    });
  }

  private tooLarge(): ImportError {
    return new ImportError('file_too_large', { megabytes: inMegabytes(this.limits.maxBytes) });
  }

  private quotaFull(): ImportError {
    return new ImportError('quota_full', { megabytes: inMegabytes(this.limits.quotaBytes) });
  }
}

function inMegabytes(bytes: number): number {
  return Math.floor(bytes / 1024 ** 2);
}
