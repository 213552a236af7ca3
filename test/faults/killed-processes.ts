import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { gone, send } from '../harness/processes.js';
import { rounds, type Chance } from './chance.js';
import { disturbed, until, type Installation } from './installation.js';

const victims = {
  'a worker': async (here: Installation, chance: Chance) => here.kill(chance.pick(here.workerPids)),
  'the api': async (here: Installation) => here.kill(here.api.pid),
  'a row process': async (here: Installation, chance: Chance) => {
    await until(() => here.rowProcesses.length > 0);
    const victim = chance.pick(here.rowProcesses);
    send(victim, 'SIGKILL');
    await gone([victim]);
  },
  'every worker': async (here: Installation) => {
    await Promise.all(here.workerPids.map((pid) => here.kill(pid)));
  },
} as const;

/** `kill -9` at a random moment of what two cities have going on at the same time. */
export function describeKilledProcesses(at: () => Installation, chance: Chance): void {
  describe.each(Array.from({ length: rounds }, (_, round) => round + 1))('killed at a random moment, round %i', () => {
    afterEach(async () => {
      await at().supervise();
    });

    it.each(Object.entries(victims))(
      '%s leaves of each import all or nothing, and the same scores',
      async (_, kill) => {
        const here = at();
        const { base, both, contentHash, importMs, assessMs } = here.undisturbed;

        const sent = Promise.all(disturbed.map((city) => here.sendMore(city).catch(() => null)));
        await sleep(chance.below(2 * importMs));
        await kill(here, chance);
        await sent;
        for (const city of disturbed) expect([base, both]).toContain(await here.data.inForce(city));
        expect(await here.data.lostFiles()).toEqual([]);
        await here.supervise();
        const ids: string[] = [];
        for (const city of disturbed) {
          const { id, state } = await here.committed(city);
          expect(state).toBe('committed');
          expect(await here.data.inForce(city)).toBe(both);
          ids.push(id);
        }

        const asked = Promise.allSettled(disturbed.map((city) => here.assessed(city)));
        await sleep(chance.below(2 * assessMs));
        await kill(here, chance);
        await here.supervise();
        await asked;
        for (const city of disturbed) expect(await here.assessed(city)).toBe(contentHash);

        for (const [index, city] of disturbed.entries()) expect(await here.reverted(city, ids[index] ?? '')).toBe(base);
        expect(await here.data.lostFiles()).toEqual([]);
        await here.settled();
      },
    );
  });
}
