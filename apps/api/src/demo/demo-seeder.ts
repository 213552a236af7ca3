import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { AssessmentsService, SubmissionsService } from '@hotline/assessments';
import { demoCities, demoProvince, writeDemoCity, type DemoCity } from '@hotline/demo';
import { ImportsService, isWorking } from '@hotline/imports';
import { defaultMethodology } from '@hotline/methodology';
import { CONFIG, FileStore, TenantKeys, type Config, type RequestContext } from '@hotline/platform';
import { ProvincesService, TenantsService } from '@hotline/tenancy';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { demoContext, demoOperatorContext, demoTenantId } from './demo-tenants.js';

/** The year the demo cities have data for. */
const period = { start: '2025-01-01', end: '2026-01-01' } as const;

/** Cities that are seeded side by side: the work itself is bounded by the row processes. */
const atOnce = 2;

/** Cities of the province that hand in what they have; the last one does not, and the office sees that too. */
const reporting = demoProvince.cities.slice(0, -1);

/** One file may take so long; a year of a demo city takes seconds. */
const patienceMs = 10 * 60_000;
const turnMs = 500;

/**
 * Makes the demo: tenants, sign-ins, a year of made-up files that go through the same import as anybody's, an assessment
 * each, and what a province is handed in. What is there already is left as it is, so a start that was interrupted goes on where it stopped.
 */
@Injectable()
export class DemoSeeder implements OnApplicationShutdown {
  /** How far it is; null when nothing is being seeded. */
  seeding: { done: number; total: number } | null = null;

  private readonly log = new Logger(DemoSeeder.name);
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly tenants: TenantsService,
    private readonly provinces: ProvincesService,
    private readonly imports: ImportsService,
    private readonly assessments: AssessmentsService,
    private readonly submissions: SubmissionsService,
    private readonly files: FileStore,
    private readonly keys: TenantKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Prints the sign-ins and seeds in the background. */
  async start(say: (line: string) => void): Promise<void> {
    this.seeding = { done: 0, total: demoCities.length };
    say('\n演示模式 Demo: 以下均为虚构数据 all data below is made up');
    for (const { code, name, nameEn } of demoCities) {
      const email = await this.makeTenant({ kind: 'city', code, name: `${name}12345热线中心` });
      say(`  ${email}  ${this.password(code)}  ${name} ${nameEn}`);
    }
    const office = await this.makeTenant({
      kind: 'province',
      code: demoProvince.code,
      name: `${demoProvince.name}12345热线办公室`,
    });
    say(`  ${office}  ${this.password(demoProvince.code)}  ${demoProvince.name} ${demoProvince.nameEn}\n`);
    await this.makeProvince();
    this.running = this.seedAll(say);
  }

  /** Waits until every city is there. */
  async finished(): Promise<void> {
    await this.running;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async makeTenant(tenant: { kind: 'city' | 'province'; code: string; name: string }): Promise<string> {
    const tenantId = demoTenantId(tenant.code);
    const email = `${tenant.code}@demo.invalid`;
    await this.tenants.createTenant({
      tenantId,
      kind: tenant.kind,
      name: tenant.name,
      isDemo: true,
      ...(tenant.kind === 'city' ? { cityCode: tenant.code } : { provinceCode: tenant.code }),
    });
    await this.tenants.addMember(
      { tenantId },
      { email, name: '演示用户', role: 'administrator', password: this.password(tenant.code) },
    );
    return email;
  }

  /** The office sees its cities from the start; nobody can sign in as the operator who says so. */
  private async makeProvince(): Promise<void> {
    const operator = demoOperatorContext();
    const { tenantId } = operator;
    await this.tenants.createTenant({ tenantId, kind: 'operator', name: '演示运营 Demo operator', isDemo: true });
    for (const code of demoProvince.cities) {
      if (await this.provinces.supervisor(demoContext(code))) continue;
      await this.provinces.assignCity(operator, demoTenantId(code), demoTenantId(demoProvince.code), null);
    }
  }

  /** Follows from the installation's secret: the same at every start, different everywhere else. */
  private password(code: string): string {
    return this.keys.tenantKey(demoTenantId(code), 'demo-sign-in').toString('base64url').slice(0, 16);
  }

  private async seedAll(say: (line: string) => void): Promise<void> {
    const waiting = [...demoCities];
    const worker = async (): Promise<void> => {
      for (let city = waiting.shift(); city && !this.stopped; city = waiting.shift()) {
        try {
          await this.seedCity(city);
        } catch (error) {
          if (!this.stopped)
            this.log.error(`demo city ${city.code}: ${error instanceof Error ? error.stack : String(error)}`);
        }
        if (this.seeding) this.seeding = { ...this.seeding, done: this.seeding.done + 1 };
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    this.seeding = null;
    if (!this.stopped) say(`演示数据已就绪 The demo data is ready: ${this.config.publicUrl}`);
  }

  private async seedCity(city: DemoCity): Promise<void> {
    const ctx = demoContext(city.code);
    const [assessed] = await this.assessments.list(ctx, { first: 1, before: null });
    if (!assessed) await this.importAndAssess(city);
    if (!this.stopped && reporting.includes(city.code)) await this.submit(ctx);
  }

  private async importAndAssess(city: DemoCity): Promise<void> {
    const ctx = demoContext(city.code);
    const folder = await this.files.scratchDir();
    try {
      for (const file of await writeDemoCity(folder, city, period)) {
        if (this.stopped) return;
        const fileName = basename(file.path);
        const received = await this.imports.receive(ctx, createReadStream(file.path), {
          fileName,
          dataset: file.dataset,
          commit: true,
        });
        const done = await this.unlessStopped(
          (ms) => this.imports.waitFor(ctx, received.id, ms),
          (entity) => !isWorking(entity),
        );
        if (done === null) return;
        if (done.state !== 'committed')
          throw new Error(`${fileName} is ${done.state}: ${JSON.stringify(done.refusal)}`);
      }
      const jobId = await this.assessments.request(ctx, { ...period, methodology: defaultMethodology });
      await this.unlessStopped(
        (ms) => this.assessments.waitFor(ctx, jobId, ms),
        (entity) => entity !== null,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async submit(ctx: RequestContext): Promise<void> {
    const [submitted] = await this.submissions.list(ctx, { first: 1, before: null });
    const [assessment] = await this.assessments.list(ctx, { first: 1, before: null });
    const [member] = await this.tenants.members(ctx);
    if (submitted || !assessment || !member) return;
    await this.submissions.submit({ ...ctx, memberId: member.id, accountId: member.accountId }, assessment.id);
  }

  /** Waits in short turns, so that a stop of the process is not held up; null when it came. */
  private async unlessStopped<T>(wait: (ms: number) => Promise<T>, isDone: (found: T) => boolean): Promise<T | null> {
    const end = Date.now() + patienceMs;
    while (!this.stopped && Date.now() < end) {
      const found = await wait(turnMs);
      if (isDone(found)) return found;
    }
    return null;
  }
}
