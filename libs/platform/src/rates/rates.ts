import { createHmac } from 'node:crypto';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { SharedDb } from '../database/shared-db.js';
import type { TenantKeys } from '../files/tenant-keys.js';
import type { Metrics } from '../metrics/metrics.js';
import { networkOf } from './network-of.js';
import { RateExceeded, type Counted, type RateConfig } from './rate-limits.js';
import { openRateStore, type RateStore } from './rate-store.js';

/** Requests this process took from the shared count before they came. */
interface Lot {
  /** Whether the limit allowed them. */
  granted: Promise<boolean>;
  left: number;
  /** When it is worth nothing any more, granted or refused. */
  until: number;
}

/** The part of a limit one process takes at a time: most requests then ask no other server. */
const lotShare = 1 / 1_000;
const mostLots = 20_000;

/** Counts requests against the limits, for all processes together. */
export class Rates implements OnApplicationShutdown {
  private readonly lots = new Map<string, Lot>();
  private readonly secret: Buffer;

  private constructor(
    private readonly config: RateConfig,
    private readonly store: RateStore,
    keys: TenantKeys,
    private readonly metrics: Metrics,
  ) {
    this.secret = keys.installationKey('rates');
  }

  static async open(config: Config, log: Logger, shared: SharedDb, keys: TenantKeys, metrics: Metrics): Promise<Rates> {
    return new Rates(config.rates, await openRateStore(config, log, shared), keys, metrics);
  }

  /**
   * Counts one request. What is counted cannot be read where the counts are kept: neither keys nor addresses.
   * @throws RateExceeded
   */
  async count(counted: Counted, of: string): Promise<void> {
    const whose = counted === 'address' || counted === 'signIn' ? networkOf(of) : of;
    const id = createHmac('sha256', this.secret).update(`${counted}:${whose}`).digest('base64url');
    const lot = this.lot(counted, id);
    lot.left -= 1;
    if (await lot.granted) return;
    this.metrics.rateLimited.inc({ counted });
    throw new RateExceeded(counted, lot.until - Date.now());
  }

  onApplicationShutdown(): void {
    this.store.close();
  }

  private lot(counted: Counted, id: string): Lot {
    const known = this.lots.get(id);
    if (known && known.left > 0 && known.until > Date.now()) return known;
    if (this.lots.size >= mostLots) this.forgetOld();
    const size = Math.max(1, Math.floor(this.config.limits[counted] * lotShare));
    const lot: Lot = { left: size, until: Date.now() + this.config.windowMs, granted: Promise.resolve(false) };
    lot.granted = this.take(counted, id, lot);
    this.lots.set(id, lot);
    return lot;
  }

  private async take(counted: Counted, id: string, lot: Lot): Promise<boolean> {
    const { granted, msLeft } = await this.store.take(counted, id, lot.left);
    lot.until = Date.now() + msLeft;
    // Refused until the window ends: there is no need to ask again before.
    if (!granted) lot.left = Infinity;
    return granted;
  }

  private forgetOld(): void {
    const now = Date.now();
    for (const [id, { until }] of this.lots) if (until <= now) this.lots.delete(id);
    if (this.lots.size >= mostLots) this.lots.clear();
  }
}
