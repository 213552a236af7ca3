import type { MigrationInterface, QueryRunner } from 'typeorm';

const ofTenant = `(tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`;

/** Jobs: the row is the truth. Workers look across tenants for the next one, and see of it what the claim returns. */
export class CreateJobs1767225600020 implements MigrationInterface {
  name = 'CreateJobs1767225600020';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table job (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        kind text not null,
        subject text not null,
        payload jsonb not null,
        priority integer not null default 0,
        state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
        attempt integer not null default 0,
        fence integer not null default 0,
        run_at timestamptz not null default now(),
        lease_until timestamptz,
        cancel_requested boolean not null default false,
        progress jsonb,
        result jsonb,
        error_code text,
        created_at timestamptz not null default clock_timestamp(),
        started_at timestamptz,
        finished_at timestamptz,
        primary key (tenant_id, id),
        check ((lease_until is not null) = (state = 'running'))
      )`);
    // A tenant's jobs run one after another: imports of the same rows never meet.
    await queryRunner.query(`create unique index job_running on job (tenant_id) where state = 'running'`);
    await queryRunner.query(
      `create index job_waiting on job (tenant_id, priority desc, created_at) where state = 'queued'`,
    );
    await queryRunner.query(`create index job_started on job (tenant_id, started_at)`);
    await queryRunner.query(`alter table job enable row level security`);
    await queryRunner.query(`alter table job force row level security`);
    await queryRunner.query(
      `create policy job_of_tenant on job to hotline_app using ${ofTenant} with check ${ofTenant}`,
    );
    await queryRunner.query(`grant select, insert, update on job to hotline_app`);
    await queryRunner.query(`create policy job_for_gate on job to hotline_gate using (true) with check (true)`);
    await queryRunner.query(`grant select, update on job to hotline_gate`);

    // The next job of a kind in job_kinds (or the one named), given to the caller until the lease ends: first a job whose
    // worker went silent, then the first waiting job of the tenant that has waited longest since its last start.
    // One claim at a time, so that two workers cannot start two jobs of one tenant.
    await queryRunner.query(`
      create function claim_job(job_kinds text[], lease interval, wanted uuid default null)
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
    await queryRunner.query(`revoke all on function claim_job(text[], interval, uuid) from public`);
    await queryRunner.query(`grant execute on function claim_job(text[], interval, uuid) to hotline_app`);
    await queryRunner.query(`grant create on schema public to hotline_gate`);
    await queryRunner.query(`alter function claim_job(text[], interval, uuid) owner to hotline_gate`);
    await queryRunner.query(`revoke create on schema public from hotline_gate`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`set local role hotline_gate`);
    await queryRunner.query(`drop function claim_job(text[], interval, uuid)`);
    await queryRunner.query(`reset role`);
    await queryRunner.query(`drop table job`);
  }
}
