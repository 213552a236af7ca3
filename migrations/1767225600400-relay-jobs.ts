import type { MigrationInterface, QueryRunner } from 'typeorm';

const gate = async (queryRunner: QueryRunner, work: () => Promise<void>): Promise<void> => {
  await queryRunner.query(`grant create on schema public to hotline_gate`);
  await queryRunner.query(`set local role hotline_gate`);
  await work();
  await queryRunner.query(`reset role`);
  await queryRunner.query(`revoke create on schema public from hotline_gate`);
};

/** Of each tenant the next job, found without reading its whole queue; and a word to whoever watches a job. */
export class RelayJobs1767225600400 implements MigrationInterface {
  name = 'RelayJobs1767225600400';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create index job_open on job (id) where state in ('queued', 'running')`);
    await gate(queryRunner, async () => {
      // First jobs whose worker went silent, then of each tenant with nothing running the most urgent job, the tenant
      // first that has waited longest since its last start. Tenants are found by skipping through the index: a long
      // queue of one costs the others nothing.
      await queryRunner.query(`
        create function due_jobs(job_kinds text[], only_tenant uuid default null)
        returns table (tenant_id uuid, id uuid, kind text, fence integer)
        language sql stable security definer set search_path = '' as $$
          with recursive waiting(tenant_id) as (
            (select j.tenant_id from public.job j
             where j.state = 'queued' and (only_tenant is null or j.tenant_id = only_tenant)
             order by j.tenant_id limit 1)
            union all
            select (select j.tenant_id from public.job j
                    where j.state = 'queued' and j.tenant_id > w.tenant_id and only_tenant is null
                    order by j.tenant_id limit 1)
            from waiting w where w.tenant_id is not null
          ), lapsed as (
            select j.tenant_id, j.id, j.kind, j.fence, j.lease_until from public.job j
            where j.state = 'running' and j.lease_until < clock_timestamp() and j.kind = any (job_kinds)
              and (only_tenant is null or j.tenant_id = only_tenant)
          ), turn as (
            select l.tenant_id, l.id, l.kind, l.fence, 1 as rank, l.lease_until as since, l.lease_until as created_at
            from lapsed l
            union all
            select w.tenant_id, first.id, first.kind, first.fence, 2,
              (select max(s.started_at) from public.job s where s.tenant_id = w.tenant_id), first.created_at
            from waiting w cross join lateral (
              select j.id, j.kind, j.fence, j.created_at from public.job j
              where j.tenant_id = w.tenant_id and j.state = 'queued' and j.kind = any (job_kinds)
                and (j.run_at <= clock_timestamp() or j.cancel_requested)
              order by j.priority desc, j.created_at, j.id limit 1) first
            where not exists (select from public.job r where r.tenant_id = w.tenant_id and r.state = 'running')
          )
          select t.tenant_id, t.id, t.kind, t.fence from turn t
          order by t.rank, t.since nulls first, t.created_at, t.id
        $$`);
      // As before, with the list above; a wanted job stands for the turn of its tenant.
      await queryRunner.query(`
        create or replace function claim_job(job_kinds text[], lease interval, wanted uuid default null)
        returns table (tenant_id uuid, id uuid, kind text, subject text, payload jsonb,
                       attempt integer, fence integer, cancel_requested boolean)
        language plpgsql security definer set search_path = '' as $$
        declare
          candidate record;
          of_tenant uuid;
        begin
          if wanted is not null then
            select j.tenant_id into of_tenant from public.job j
            where j.id = wanted and j.state in ('queued', 'running');
            if not found then return; end if;
          end if;
          perform pg_advisory_xact_lock(hashtext('hotline claim'));
          for candidate in select d.tenant_id, d.id from public.due_jobs(job_kinds, of_tenant) d loop
            -- A worker that is just now committing this job holds its row.
            perform from public.job j where j.tenant_id = candidate.tenant_id and j.id = candidate.id
              and (j.state = 'queued' or (j.state = 'running' and j.lease_until < clock_timestamp()))
              for update skip locked;
            if found then
              return query
                update public.job j set
                  state = 'running',
                  attempt = j.attempt + 1,
                  fence = j.fence + 1,
                  lease_until = clock_timestamp() + lease,
                  started_at = clock_timestamp(),
                  progress = null
                where j.tenant_id = candidate.tenant_id and j.id = candidate.id
                returning j.tenant_id, j.id, j.kind, j.subject, j.payload, j.attempt, j.fence, j.cancel_requested;
              return;
            end if;
          end loop;
        end $$`);
      await queryRunner.query(`revoke all on function due_jobs(text[], uuid) from public`);
      await queryRunner.query(`grant execute on function due_jobs(text[], uuid) to hotline_app`);
    });
    await queryRunner.query(`
      create function announce_job() returns trigger language plpgsql set search_path = '' as $$
        begin
          perform pg_notify('hotline_job_changed', new.id::text);
          return null;
        end $$`);
    await queryRunner.query(`revoke all on function announce_job() from public`);
    await queryRunner.query(`
      create trigger job_changed after update of state, progress on job for each row
      when (old.state is distinct from new.state or old.progress is distinct from new.progress)
      execute function announce_job()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop trigger job_changed on job`);
    await queryRunner.query(`drop function announce_job()`);
    await gate(queryRunner, async () => {
      await queryRunner.query(`
        create or replace function claim_job(job_kinds text[], lease interval, wanted uuid default null)
        returns table (tenant_id uuid, id uuid, kind text, subject text, payload jsonb,
                       attempt integer, fence integer, cancel_requested boolean)
        language plpgsql security definer set search_path = '' as $$
        declare
          candidate record;
        begin
          perform pg_advisory_xact_lock(hashtext('hotline claim'));
          for candidate in
            (select j.tenant_id, j.id from public.job j
             where j.state = 'running' and j.lease_until < clock_timestamp()
               and j.kind = any (job_kinds) and (wanted is null or j.id = wanted)
             order by j.lease_until)
            union all
            (select first.tenant_id, first.id from (
               select distinct on (j.tenant_id) j.tenant_id, j.id, j.created_at from public.job j
               where j.state = 'queued' and (j.run_at <= clock_timestamp() or j.cancel_requested)
                 and j.kind = any (job_kinds) and (wanted is null or j.id = wanted)
                 and not exists (select from public.job r where r.tenant_id = j.tenant_id and r.state = 'running')
               order by j.tenant_id, j.priority desc, j.created_at, j.id
             ) first
             order by (select max(s.started_at) from public.job s where s.tenant_id = first.tenant_id) nulls first,
               first.created_at, first.id)
          loop
            -- A worker that is just now committing this job holds its row.
            perform from public.job j where j.tenant_id = candidate.tenant_id and j.id = candidate.id
              and (j.state = 'queued' or (j.state = 'running' and j.lease_until < clock_timestamp()))
              for update skip locked;
            if found then
              return query
                update public.job j set
                  state = 'running',
                  attempt = j.attempt + 1,
                  fence = j.fence + 1,
                  lease_until = clock_timestamp() + lease,
                  started_at = clock_timestamp(),
                  progress = null
                where j.tenant_id = candidate.tenant_id and j.id = candidate.id
                returning j.tenant_id, j.id, j.kind, j.subject, j.payload, j.attempt, j.fence, j.cancel_requested;
              return;
            end if;
          end loop;
        end $$`);
      await queryRunner.query(`drop function due_jobs(text[], uuid)`);
    });
    await queryRunner.query(`drop index job_open`);
  }
}
