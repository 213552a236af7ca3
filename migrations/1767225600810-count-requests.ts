import type { MigrationInterface, QueryRunner } from 'typeorm';

const functions = ['count_requests(text, integer, integer)', 'forget_request_counts()'];

/** Requests of the current minute, counted by all processes together where there is no Redis. */
export class CountRequests1767225600810 implements MigrationInterface {
  name = 'CountRequests1767225600810';

  async up(queryRunner: QueryRunner): Promise<void> {
    // Worth nothing after a crash: it need not be written to the log of the database.
    await queryRunner.query(`
      create unlogged table request_count (
        -- Keyed hash: it says neither whose key nor which address it is.
        key text primary key,
        requests integer not null,
        until_at timestamptz not null
      )`);
    await queryRunner.query(`grant select, insert, update, delete on request_count to hotline_gate`);
    await queryRunner.query(`
      create function count_requests(of_key text, more integer, window_ms integer)
      returns table (requests integer, ms_left integer)
      language sql security definer set search_path = '' as $$
        insert into public.request_count as c (key, requests, until_at)
          values (of_key, more, clock_timestamp() + window_ms * interval '1 ms')
        on conflict (key) do update set
          requests = case when c.until_at <= clock_timestamp() then excluded.requests else c.requests + excluded.requests end,
          until_at = case when c.until_at <= clock_timestamp() then excluded.until_at else c.until_at end
        returning c.requests, ceil(extract(epoch from c.until_at - clock_timestamp()) * 1000)::integer
      $$`);
    await queryRunner.query(`
      create function forget_request_counts() returns void
      language sql security definer set search_path = '' as $$
        delete from public.request_count c using (
          select o.key from public.request_count o where o.until_at <= clock_timestamp() for update skip locked
        ) old where c.key = old.key
      $$`);
    for (const signature of functions) await queryRunner.query(`grant execute on function ${signature} to hotline_app`);
    await queryRunner.query(`grant create on schema public to hotline_gate`);
    for (const signature of functions) {
      await queryRunner.query(`revoke all on function ${signature} from public`);
      await queryRunner.query(`alter function ${signature} owner to hotline_gate`);
    }
    await queryRunner.query(`revoke create on schema public from hotline_gate`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`set local role hotline_gate`);
    for (const signature of functions) await queryRunner.query(`drop function ${signature}`);
    await queryRunner.query(`reset role`);
    await queryRunner.query(`drop table request_count`);
  }
}
