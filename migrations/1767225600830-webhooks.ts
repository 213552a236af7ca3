import type { MigrationInterface, QueryRunner } from 'typeorm';

const currentTenant = `nullif(current_setting('app.tenant_id', true), '')::uuid`;
const ofTenant = `(tenant_id = ${currentTenant})`;
const tables = ['webhook_endpoint', 'webhook_delivery'];

const asGate = async (queryRunner: QueryRunner, work: () => Promise<void>): Promise<void> => {
  await queryRunner.query(`grant create on schema public to hotline_gate`);
  await queryRunner.query(`set local role hotline_gate`);
  await work();
  await queryRunner.query(`reset role`);
  await queryRunner.query(`revoke create on schema public from hotline_gate`);
};

/** By an office about a city that belongs to it now. The words become rows of the city. */
const reviewSubmission = (tell: string): string => `
  create or replace function review_submission(of_city uuid, of_submission uuid, new_id uuid, new_kind text,
    new_text text, author uuid, author_name text)
  returns boolean
  language plpgsql security definer set search_path = '' as $$
  begin
    insert into public.submission_review
        (tenant_id, id, submission_id, kind, text, province_code, written_by, written_by_name)
      select s.tenant_id, new_id, s.id, new_kind, new_text, r.province_code, author, author_name
      from public.submission s join public.province_city r on r.city_id = s.tenant_id
      where s.tenant_id = of_city and s.id = of_submission and r.tenant_id = ${currentTenant}
        and r.from_at <= now() and (r.until_at is null or r.until_at > now());
    ${tell}
  end $$`;
const tellOfReturn = `
    if not found then
      return false;
    end if;
    if new_kind = 'return' then
      perform public.announce_event(s.tenant_id, new_id, 'submission.returned', jsonb_build_object(
          'submissionId', s.id, 'assessmentId', s.assessment_id, 'start', s.start_day, 'end', s.end_day))
        from public.submission s where s.tenant_id = of_city and s.id = of_submission;
    end if;
    return true;`;

/** Receivers that a tenant wants to have told of what happens, and the log of what they were sent. */
export class Webhooks1767225600830 implements MigrationInterface {
  name = 'Webhooks1767225600830';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table webhook_endpoint (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        name text not null check (name <> ''),
        url text not null,
        events text[] not null check (cardinality(events) > 0),
        -- Sealed with a key of the tenant that is not in the database.
        secret text not null,
        previous_secret text,
        previous_until timestamptz,
        secret_changed_at timestamptz not null default now(),
        created_by uuid references account (id),
        created_at timestamptz not null default now(),
        failing_since timestamptz,
        disabled_at timestamptz,
        disabled_for text check (disabled_for in ('administrator', 'gone', 'failing')),
        primary key (tenant_id, id),
        check ((disabled_at is null) = (disabled_for is null)),
        check ((previous_secret is null) = (previous_until is null))
      )`);
    await queryRunner.query(`
      create table webhook_delivery (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        endpoint_id uuid not null,
        event_id uuid not null,
        event text not null,
        body text not null,
        state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
        attempts integer not null default 0,
        attempted_at timestamptz,
        response_status integer,
        duration_ms integer,
        problem text,
        excerpt text,
        job_id uuid not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, endpoint_id) references webhook_endpoint (tenant_id, id) on delete cascade
      )`);
    await queryRunner.query(
      `create index webhook_delivery_of_endpoint on webhook_delivery (tenant_id, endpoint_id, id desc)`,
    );
    for (const table of tables) {
      await queryRunner.query(`alter table ${table} enable row level security`);
      await queryRunner.query(`alter table ${table} force row level security`);
      await queryRunner.query(
        `create policy ${table}_of_tenant on ${table} to hotline_app using ${ofTenant} with check ${ofTenant}`,
      );
      await queryRunner.query(`grant select, insert, update, delete on ${table} to hotline_app`);
    }
    const audited = 'id,url,events,secret_changed_at,disabled_at,disabled_for';
    await auditTable(queryRunner, 'webhook_endpoint', audited);

    // Where somebody wants to know: a job in the same transaction. Called with the rights of whoever calls.
    await queryRunner.query(`
      create function announce_event(of_tenant uuid, event_id uuid, of_event text, event_data jsonb) returns void
      language sql set search_path = '' as $$
        with added as (
          insert into public.job (tenant_id, id, kind, subject, payload, priority)
            select of_tenant, event_id, 'announce-event', event_id::text,
              jsonb_build_object('event', of_event, 'data', event_data, 'occurredAt',
                to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), -10
            where exists (select from public.webhook_endpoint e
              where e.tenant_id = of_tenant and e.disabled_at is null and of_event = any (e.events))
            returning 1
        ) select pg_catalog.pg_notify('hotline_job', '') from added
      $$`);
    await queryRunner.query(`revoke all on function announce_event(uuid, uuid, text, jsonb) from public`);
    await queryRunner.query(
      `grant execute on function announce_event(uuid, uuid, text, jsonb) to hotline_app, hotline_gate`,
    );
    await queryRunner.query(
      `create policy webhook_endpoint_for_gate on webhook_endpoint for select to hotline_gate using (true)`,
    );
    await queryRunner.query(`grant select on webhook_endpoint to hotline_gate`);
    await queryRunner.query(`grant insert on job to hotline_gate`);
    await asGate(queryRunner, async () => {
      await queryRunner.query(reviewSubmission(tellOfReturn));
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await asGate(queryRunner, async () => {
      await queryRunner.query(reviewSubmission('return found;'));
    });
    await queryRunner.query(`revoke insert on job from hotline_gate`);
    await queryRunner.query(`drop function announce_event(uuid, uuid, text, jsonb)`);
    for (const table of ['webhook_delivery', 'webhook_endpoint']) await queryRunner.query(`drop table ${table}`);
  }
}

/** Has the database tell of every change of a table; of a row these columns are kept. See the migration Audit. */
async function auditTable(queryRunner: QueryRunner, table: string, columns: string): Promise<void> {
  const asGate = async (statement: string): Promise<void> => {
    await queryRunner.query('set local role hotline_gate');
    await queryRunner.query(statement);
    await queryRunner.query('reset role');
  };
  // Whoever makes a trigger must be allowed to call its function; nobody is, but for this moment.
  await asGate('grant execute on function audit_change() to session_user');
  await queryRunner.query(`
    create constraint trigger audited after insert or update or delete on ${table}
    deferrable initially deferred for each row execute function audit_change('${columns}')`);
  await asGate('revoke execute on function audit_change() from session_user');
}
