import type { MigrationInterface, QueryRunner } from 'typeorm';

const gate = async (queryRunner: QueryRunner, work: () => Promise<void>): Promise<void> => {
  await queryRunner.query(`grant create on schema public to hotline_gate`);
  await queryRunner.query(`set local role hotline_gate`);
  await work();
  await queryRunner.query(`reset role`);
  await queryRunner.query(`revoke create on schema public from hotline_gate`);
};

/** Progress that never goes back within an attempt, whoever writes it; and the state of the queue in numbers, without tenants. */
export class WatchJobs1767225600600 implements MigrationInterface {
  name = 'WatchJobs1767225600600';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create function keep_job_progress() returns trigger language plpgsql set search_path = '' as $$
        declare
          before jsonb := old.progress;
          after jsonb := new.progress;
        begin
          if new.fence <> old.fence or before is null or after is null then return new; end if;
          if (after ->> 'share')::float8 < (before ->> 'share')::float8 then
            -- Told too late or by mistake: what was known stands.
            new.progress := before;
            return new;
          end if;
          if after ->> 'step' = before ->> 'step' and (after ->> 'done')::float8 < (before ->> 'done')::float8 then
            after := jsonb_set(after, '{done}', before -> 'done');
          end if;
          if (after ->> 'secondsLeft')::float8 > (before ->> 'secondsLeft')::float8 then
            after := jsonb_set(after, '{secondsLeft}', before -> 'secondsLeft');
          end if;
          new.progress := after;
          return new;
        end $$`);
    await queryRunner.query(`revoke all on function keep_job_progress() from public`);
    await queryRunner.query(`
      create trigger job_progress before update of progress on job for each row
      execute function keep_job_progress()`);
    await gate(queryRunner, async () => {
      await queryRunner.query(`
        create function job_statistics()
        returns table (kind text, state text, jobs bigint, oldest_seconds float8)
        language sql stable security definer set search_path = '' as $$
          select j.kind, j.state, count(*),
            extract(epoch from clock_timestamp() - min(j.created_at))::float8
          from public.job j where j.state in ('queued', 'running') group by j.kind, j.state
        $$`);
      await queryRunner.query(`revoke all on function job_statistics() from public`);
      await queryRunner.query(`grant execute on function job_statistics() to hotline_app`);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop trigger job_progress on job`);
    await queryRunner.query(`drop function keep_job_progress()`);
    await gate(queryRunner, async () => {
      await queryRunner.query(`drop function job_statistics()`);
    });
  }
}
