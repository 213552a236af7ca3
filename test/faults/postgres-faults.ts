import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { rounds, type Chance } from './chance.js';
import { disturbed, until, type Installation } from './installation.js';

/** The database dies without a word and comes back on the same folder; nobody restarts anything else. */
export function describePostgresFaults(at: () => Installation, chance: Chance): void {
  describe('PostgreSQL', () => {
    it.each(Array.from({ length: rounds }, (_, round) => round + 1))(
      'may be killed with all its processes while imports run (%i)',
      async () => {
        const here = at();
        const { base, both, importMs } = here.undisturbed;
        const { pids } = here;
        const client = await here.client(1);
        const sent = Promise.all(disturbed.map((city) => here.sendMore(city).catch(() => null)));
        await sleep(chance.below(1.5 * importMs));
        await here.database.crash();
        await sent;

        try {
          expect((await client.send('GET', '/health/live')).status).toBe(200);
          const ready = await client.send('GET', '/health/ready');
          expect([ready.status, ready.json]).toMatchObject([503, { database: 'down' }]);
          const refused = await client.send('POST', '/imports?filename=a.csv', {
            headers: { 'x-hotline-request': '1' },
            body: 'a',
          });
          expect([refused.status, refused.json]).toMatchObject([
            503,
            { error: { code: 'database_unavailable', message: expect.stringContaining('数据库') } },
          ]);
          expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
          const asked = await client.graphql('{ viewer { tenantId } }');
          expect(asked.errors[0]?.extensions).toMatchObject({ code: 'database_unavailable' });
          await sleep(chance.below(2_000));
        } finally {
          await here.database.restart();
        }
        await here.api.reachable();
        for (const city of disturbed) expect([base, both]).toContain(await here.data.inForce(city));
        expect(await here.data.lostFiles()).toEqual([]);
        // Jobs that were at work when the database went: their leases end by themselves after half a minute.
        await here.api.expireLeases();
        for (const city of disturbed) {
          const { id, state } = await here.committed(city);
          expect(state).toBe('committed');
          expect(await here.data.inForce(city)).toBe(both);
          expect(await here.reverted(city, id)).toBe(base);
        }
        await here.settled();
        expect(here.pids).toEqual(pids);
        // Nobody holds a transaction open that died with its other end.
        await until(async () => {
          const open = await here.api.sql(
            `select pid from pg_stat_activity where state = 'idle in transaction' and state_change < now() - interval '1 second'`,
          );
          return open.length === 0;
        });
      },
    );
  });

  describe('connections to the database', () => {
    it('that are all taken are waited for a moment; then it is said so, and nothing hangs', async () => {
      const here = at();
      const client = await here.client(1);
      const release = await here.holdTable('"import"');
      try {
        const imports = '{ imports(first: 1) { edges { node { id } } } }';
        const answers = await Promise.all(Array.from({ length: 40 }, () => client.graphql(imports)));
        for (const { data, errors } of answers) {
          expect([data, errors[0]?.extensions?.['code']]).toEqual([null, 'database_unavailable']);
        }
        expect((await client.send('GET', '/health/live')).status).toBe(200);
      } finally {
        await release();
      }
      await here.api.reachable();
      expect((await client.graphql('{ imports(first: 1) { edges { node { id } } } }')).errors).toEqual([]);
    });
  });
}
