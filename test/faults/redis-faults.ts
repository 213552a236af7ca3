import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { rounds, type Chance } from './chance.js';
import { disturbed, type Installation } from './installation.js';

/** How long Redis stays away: a minute in the long form. */
const outageMs = rounds > 1 ? 60_000 : 2_000;

/** Redis only wakes workers: whatever becomes of it, nothing is lost, done twice or held up for good. */
export function describeRedisFaults(at: () => Installation, chance: Chance): void {
  describe('Redis', () => {
    /** What was sent arrives without a hand, and each of it once. */
    async function expectDone(ids: readonly string[]): Promise<void> {
      const here = at();
      const { base, both } = here.undisturbed;
      for (const [index, city] of disturbed.entries()) {
        const id = ids[index] ?? '';
        expect((await (await here.client(city)).settled(id)).state).toBe('committed');
        expect(await here.data.inForce(city)).toBe(both);
        expect(await here.reverted(city, id)).toBe(base);
      }
      await here.settled();
      // A job that ran is done at its first attempt: a message more or less changes nothing.
      const tried = await here.api.sql(
        `select 1 from job where subject = any ($1) and (attempt <> 1 or state <> 'done')`,
        [ids],
      );
      expect(tried).toEqual([]);
    }
    const sendAll = async (): Promise<string[]> => {
      const sent = await Promise.all(disturbed.map((city) => at().sendMore(city)));
      return sent.map((view) => view?.id ?? 'not taken');
    };

    it('may forget everything again and again while imports run', async () => {
      const here = at();
      const ids = await sendAll();
      for (let time = 0; time < 5; time += 1) {
        await sleep(chance.below(here.undisturbed.importMs / 2));
        await here.redis.command('flushall');
      }
      await expectDone(ids);
    });

    it('may be killed and started again while imports run', async () => {
      const here = at();
      const ids = await sendAll();
      for (let time = 0; time < 3; time += 1) {
        await sleep(chance.below(here.undisturbed.importMs / 2));
        await here.redis.down();
        await here.redis.up();
      }
      await expectDone(ids);
    });

    it('may stay away for a while: files are taken, and worked on when it is back', async () => {
      const here = at();
      await here.redis.down();
      const ids = await sendAll();
      await sleep(outageMs);
      expect((await (await here.client(0)).send('GET', '/health/ready')).status).toBe(200);
      await here.redis.up();
      await expectDone(ids);
    });

    it('may be absent when the processes start', async () => {
      const here = at();
      await here.redis.down();
      expect(await here.terminate()).toEqual([0, 0, 0]);
      await here.supervise();
      const ids = await sendAll();
      await here.redis.up();
      await expectDone(ids);
    });
  });
}
