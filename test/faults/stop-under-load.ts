import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Chance } from './chance.js';
import { disturbed, type Installation } from './installation.js';

/** What a supervisor grants before it kills. */
const graceMs = 30_000;

/** SIGTERM to everything at once, while it is busy. */
export function describeStopUnderLoad(at: () => Installation, chance: Chance): void {
  describe('a stop', () => {
    it('under load ends in time, hands back what is at work, and the next start goes on with it', async () => {
      const here = at();
      const { both, base } = here.undisturbed;
      const client = await here.client(1);
      const sent = Promise.all(disturbed.map((city) => here.sendMore(city)));
      const ids = (await sent).map((view) => view?.id ?? 'not taken');
      // Somebody who waits a minute for the end of a check, somebody who sends for minutes, and many who read.
      const patient = client
        .upload('patient.csv', '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n', { commit: false })
        .catch(() => null);
      const sending = request(`${here.api.url}/imports?filename=slow.csv`, {
        method: 'POST',
        headers: { ...client.sent, 'x-hotline-request': '1', 'content-length': 100_000_000 },
      });
      const cutOff = new Promise((resolve) => sending.once('close', resolve));
      sending.on('error', () => undefined);
      const dribble = setInterval(() => sending.write('a'.repeat(5_000)), 100);
      const reading = setInterval(() => void client.graphql('{ viewer { tenantId } }').catch(() => null), 20);
      try {
        await sleep(chance.below(here.undisturbed.importMs));
        const impatience = new AbortController();
        const ended = await Promise.race([
          here.terminate(),
          sleep(graceMs, 'killed', { signal: impatience.signal }).catch(() => null),
        ]);
        impatience.abort();
        expect(ended).toEqual([0, 0, 0]);
      } finally {
        clearInterval(dribble);
        clearInterval(reading);
      }
      await Promise.all([patient, cutOff]);
      const running = await here.api.sql(`select id from job where state = 'running'`);
      expect(running).toEqual([]);
      expect(here.data.scratch()).toEqual([]);
      expect(await here.api.sql(`select id from "import" where file_name = 'slow.csv'`)).toEqual([]);

      await here.supervise();
      for (const [index, city] of disturbed.entries()) {
        const id = ids[index] ?? '';
        expect((await (await here.client(city)).settled(id)).state).toBe('committed');
        expect(await here.data.inForce(city)).toBe(both);
        expect(await here.reverted(city, id)).toBe(base);
      }
      await here.settled();
    });
  });
}
