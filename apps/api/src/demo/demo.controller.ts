import { AssessmentsService } from '@hotline/assessments';
import { demoCities } from '@hotline/demo';
import { Controller, Get } from '@nestjs/common';
import { publicCity } from '../embed/public-result.js';
import { Public } from '../request/context.decorators.js';
import { DemoSeeder } from './demo-seeder.js';
import { demoContext, demoKey } from './demo-tenants.js';

/** What the first page shows in a demo; without one this address does not exist. */
@Controller('demo')
@Public()
export class DemoController {
  constructor(
    private readonly assessments: AssessmentsService,
    private readonly seeder: DemoSeeder,
  ) {}

  @Get('cities.json')
  async cities() {
    const cities = [];
    // One after another: a page that is asked for often must not take every connection at once.
    for (const { plan } of demoCities) {
      const [entity] = await this.assessments.list(demoContext(plan.code), { first: 1, before: null });
      if (!entity) continue;
      cities.push({
        key: demoKey(plan.code),
        ...publicCity(plan.code),
        index: entity.result.index,
        period: { start: entity.startDay, end: entity.endDay },
      });
    }
    return { demo: true, seeding: this.seeder.seeding, cities };
  }
}
