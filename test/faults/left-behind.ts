import { describe, expect, it } from '@jest/globals';
import { disturbed, until, type Installation } from './installation.js';

/** After everything else of the suite. */
export function describeLeftBehind(at: () => Installation): void {
  describe('what all of it left', () => {
    it('is gone after the next start, when it is old enough; what is kept is what an undisturbed city has', async () => {
      const here = at();
      const { data } = here;
      await here.settled();
      expect(await data.lostFiles()).toEqual([]);
      expect(await here.terminate()).toEqual([0, 0, 0]);
      data.makeOld();
      const sources = await data.sources();
      await here.supervise();
      await until(
        async () => (await data.leftBehind()).length === 0 && (await data.lostFiles()).length === sources.length,
      ).catch(() => undefined);
      expect(await data.leftBehind()).toEqual([]);
      // Nothing else is: what was uploaded and never committed holds personal data.
      expect(await data.lostFiles()).toEqual(sources);
      for (const city of disturbed) expect(await data.inForce(city)).toBe(here.undisturbed.base);
      expect(await data.openJobs()).toBe(0);
    });
  });
}
