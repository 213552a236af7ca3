import { describe, expect, it } from '@jest/globals';
import { disturbed, type Installation } from './installation.js';

/** The disk of the workers is full; the api, on another one, still takes uploads. */
export function describeFullDisk(at: () => Installation): void {
  describe('a full disk', () => {
    it('of the workers ends a check with the reason, and keeps nothing of it; the same file can be sent again', async () => {
      const here = at();
      const [city = 1] = disturbed;
      const { base, both } = here.undisturbed;
      expect(await here.replaceWorkers({ largestFileKb: 4 })).toEqual([0, 0]);
      const sent = await here.sendMore(city);
      const failed = await (await here.client(city)).settled(sent?.id ?? '');
      expect([failed.state, failed.refusal?.code]).toEqual(['failed', 'disk_full']);
      expect(await here.data.inForce(city)).toBe(base);
      expect(await here.data.lostFiles()).toEqual([]);
      expect(here.data.scratch()).toEqual([]);

      expect(await here.replaceWorkers()).toEqual([0, 0]);
      const { id, state } = await here.committed(city);
      expect([id === sent?.id, state]).toEqual([false, 'committed']);
      expect(await here.data.inForce(city)).toBe(both);
      expect(await here.reverted(city, id)).toBe(base);
      await here.settled();
    });
  });
}
