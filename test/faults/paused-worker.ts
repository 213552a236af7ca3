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
        await until(async () => (await running()) !== null);
        await sleep(chance.below(here.undisturbed.importMs / 2));
        // Who has the job only its fence tells: both sleep, then one of those that wake has lost it.
        for (const pid of sleepers) send(pid, 'SIGSTOP');
        const before = await running();
        try {
          await here.api.expireLeases();
          // A third one takes over, as after the loss of a machine.
          const third = await here.oneMoreWorker();
          const found = await (await here.client(city)).settled(sent?.id ?? '');
          expect(found.state).toBe('committed');
          expect(await here.data.inForce(city)).toBe(both);
          for (const pid of sleepers) send(pid, 'SIGCONT');
          // They find out within a renewal of their lease; until then they go on with what is no longer theirs.
          await sleep(3_000);
          expect(await here.data.inForce(city)).toBe(both);
          expect(await here.data.lostFiles()).toEqual([]);
          expect(await third.ended('SIGTERM')).toBe(0);
        } finally {
          for (const pid of sleepers) send(pid, 'SIGCONT');
        }
        // Done once: by the one that took over, or by a COMMIT that was on its way when its sender fell asleep.
        const [after] = await here.api.sql<{ fence: number; state: string }>(
          'select fence, state from job where id = $1',
          [before?.id ?? null],
        );
        if (before) {
          expect(after?.state).toBe('done');
          expect([before.fence, before.fence + 1]).toContain(after?.fence);
        }
        expect(here.workerPids).toEqual(sleepers);
        expect(await here.reverted(city, sent?.id ?? '')).toBe(base);
        await here.settled();

        async function running(): Promise<{ id: string; fence: number } | null> {
          const [row] = await here.api.sql<{ id: string; fence: number }>(
            `select id, fence from job where state = 'running' and subject = $1`,
            [sent?.id],
          );
          return row ?? null;
        }
      },
    );
  });
}
