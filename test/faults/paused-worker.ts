import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { send } from '../harness/processes.js';
import { rounds, type Chance } from './chance.js';
import { disturbed, until, type Installation } from './installation.js';

/** A worker that sleeps past its lease must not commit what another has done meanwhile. */
export function describePausedWorker(at: () => Installation, chance: Chance): void {
  describe('a worker', () => {
    it.each(Array.from({ length: rounds }, (_, round) => round + 1))(
      'that sleeps past its lease and wakes commits nothing a second time (%i)',
      async () => {
        const here = at();
        const { base, both } = here.undisturbed;
        const [city = 1] = disturbed;
        const sleepers = here.workerPids;
        const sent = await here.sendMore(city);
        await until(async () => (await jobs()).some(({ state }) => state === 'running'));
        await sleep(chance.below(here.undisturbed.importMs / 2));
        // Who has the job only its fence tells: both sleep, then one of those that wake has lost it.
        for (const pid of sleepers) send(pid, 'SIGSTOP');
        try {
          await here.api.expireLeases();
          // A third one takes over, as after the loss of a machine. What a sleeper has locked in an open transaction the
          // database gives back after half a minute: until then the third one tries again.
          const third = await here.oneMoreWorker();
          const found = await (await here.client(city)).settled(sent?.id ?? '');
          expect(found.state).toBe('committed');
          expect(await here.data.inForce(city)).toBe(both);
          const done = await jobs();
          expect(new Set(done.map(({ state }) => state))).toEqual(new Set(['done']));
          for (const pid of sleepers) send(pid, 'SIGCONT');
          // They find out within a renewal of their lease; until then they go on with what is no longer theirs.
          await sleep(3_000);
          expect(await jobs()).toEqual(done);
          expect(await here.data.inForce(city)).toBe(both);
          expect(await here.data.lostFiles()).toEqual([]);
          expect(await third.ended('SIGTERM')).toBe(0);
        } finally {
          for (const pid of sleepers) send(pid, 'SIGCONT');
        }
        expect(here.workerPids).toEqual(sleepers);
        expect(await here.reverted(city, sent?.id ?? '')).toBe(base);
        await here.settled();

        /** Who has done them, and when. */
        function jobs(): Promise<{ state: string; fence: number; finished_at: Date }[]> {
          return here.api.sql('select state, fence, finished_at from job where subject = $1 order by id', [sent?.id]);
        }
      },
    );
  });
}
