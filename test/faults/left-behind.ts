import { describe, expect, it } from '@jest/globals';
import { disturbed, until, type Installation } from './installation.js';

/** After everything else of the suite. */
export function describeLeftBehind(at: () => Installation): void {
  describe('what all of it left', () => {
    it('is gone after the next start, when it is old enough; what is kept is what an undisturbed city has', async () => {
      const here = at();
      await here.settled();
      expect(await here.terminate()).toEqual([0, 0, 0]);
      here.data.makeOld();
      await here.supervise();
      await until(async () => (await here.data.leftBehind()).length === 0).catch(() => undefined);
      expect(await here.data.leftBehind()).toEqual([]);
      expect(await here.data.lostFiles()).toEqual([]);
      for (const city of disturbed) expect(await here.data.inForce(city)).toBe(here.undisturbed.base);
      expect(await here.data.openJobs()).toBe(0);
    });
  });
}
