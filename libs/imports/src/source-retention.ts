import { FileStore } from '@hotline/platform';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

/** Where uploads lie, encrypted, until they are committed. */
export const sourceFolder = 'sources';

const hourMs = 3_600_000;

/** A source file holds personal data: what was not committed within a day is removed, and has to be uploaded again. */
@Injectable()
export class SourceRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(SourceRetention.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly files: FileStore) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sweep();
    this.timer = setInterval(() => void this.sweep(), hourMs);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async sweep(): Promise<void> {
    try {
      await this.files.removeOlder(sourceFolder, 24 * hourMs);
    } catch (error) {
      this.log.error(error);
    }
  }
}
