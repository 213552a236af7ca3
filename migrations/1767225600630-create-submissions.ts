import type { MigrationInterface, QueryRunner } from 'typeorm';

const currentTenant = `nullif(current_setting('app.tenant_id', true), '')::uuid`;
const ofTenant = `(tenant_id = ${currentTenant})`;
const tables = ['province_city', 'submission', 'submission_review', 'publication'];
const functions = [
  'relate_city(uuid, uuid, timestamptz)',
  'review_submission(uuid, uuid, uuid, text, text, uuid, text)',
];

/** Rows of a city that the office of its province may read: those of cities that belong to it now. */
const ofProvince = (table: string): string => `
  create policy ${table}_for_province on ${table} for select to hotline_app using (exists (
    select from province_city r
    where r.tenant_id = ${currentTenant} and r.city_id = ${table}.tenant_id
      and r.from_at <= now() and (r.until_at is null or r.until_at > now())))`;

/**
 * What a city hands in and makes public, and what its province says to it. A submission is a copy of what the province
 * may see of an assessment, so that no rule has to hide the rest of one.
 */
export class CreateSubmissions1767225600630 implements MigrationInterface {
  name = 'CreateSubmissions1767225600630';

  async up(queryRunner: QueryRunner): Promise<void> {
    // The province is the tenant of the row; the city may read it.
    await queryRunner.query(`
      create table province_city (
        tenant_id uuid not null references tenant (tenant_id),
        city_id uuid not null check (city_id <> tenant_id),
        city_code text not null references city (code),
        province_code text not null references province (code),
        from_at timestamptz not null,
        until_at timestamptz check (until_at >= from_at),
        primary key (tenant_id, city_id, from_at)
      )`);
    await queryRunner.query(`create index province_city_by_city on province_city (city_id)`);
    await queryRunner.query(`
      create table submission (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        assessment_id uuid not null,
        -- From 1; another after the one before was returned.
        attempt integer not null,
        city_code text not null references city (code),
        is_demo boolean not null,
        start_day date not null,
        end_day date not null,
        methodology text not null,
        methodology_version text not null,
        methodology_digest text not null,
        content_hash text not null,
        assessed_at timestamptz not null,
        result json not null,
        submitted_at timestamptz not null default now(),
        submitted_by uuid not null references account (id),
        submitted_by_name text not null,
        primary key (tenant_id, id),
        unique (tenant_id, assessment_id, attempt),
        unique (tenant_id, id, submitted_by),
        foreign key (tenant_id, assessment_id) references assessment (tenant_id, id)
      )`);
    await queryRunner.query(
      `create index submission_by_period on submission (tenant_id, start_day, end_day, submitted_at desc)`,
    );
    await queryRunner.query(`
      create table submission_review (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        submission_id uuid not null,
        kind text not null check (kind in ('comment', 'return')),
        text text not null check (text <> ''),
        province_code text not null references province (code),
        written_by uuid not null references account (id),
        written_by_name text not null,
        written_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, submission_id) references submission (tenant_id, id)
      )`);
    await queryRunner.query(`
      create unique index submission_returned_once on submission_review (tenant_id, submission_id)
        where kind = 'return'`);
    await queryRunner.query(
      `create index submission_review_in_order on submission_review (tenant_id, submission_id, written_at)`,
    );
    // Two people: the key carries who submitted into the row that says who approved, and the two differ.
    await queryRunner.query(`
      create table publication (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        submission_id uuid not null,
        submitted_by uuid not null,
        start_day date not null,
        end_day date not null,
        approved_at timestamptz not null default now(),
        approved_by uuid not null references account (id),
        approved_by_name text not null,
        withdrawn_at timestamptz,
        withdrawn_by uuid references account (id),
        withdrawn_by_name text,
        -- null: replaced by another publication of the same period.
        withdrawal_reason text,
        primary key (tenant_id, id),
        foreign key (tenant_id, submission_id, submitted_by) references submission (tenant_id, id, submitted_by),
        constraint publication_by_two_people check (approved_by <> submitted_by)
      )`);
    await queryRunner.query(`
      create unique index publication_of_period on publication (tenant_id, start_day, end_day)
        where withdrawn_at is null`);
    await queryRunner.query(`create index publication_by_submission on publication (tenant_id, submission_id)`);

    for (const table of tables) {
      await queryRunner.query(`alter table ${table} enable row level security`);
      await queryRunner.query(`alter table ${table} force row level security`);
      await queryRunner.query(
        `create policy ${table}_of_tenant on ${table} to hotline_app using ${ofTenant} with check ${ofTenant}`,
      );
    }
    await queryRunner.query(`
      create policy province_city_for_city on province_city for select to hotline_app
        using (city_id = ${currentTenant})`);
    for (const table of ['submission', 'submission_review', 'publication']) {
      await queryRunner.query(ofProvince(table));
    }
    await queryRunner.query(`grant select on province_city, submission_review to hotline_app`);
    // Neither is ever changed; a publication can only be withdrawn.
    await queryRunner.query(`grant select, insert on submission, publication to hotline_app`);
    await queryRunner.query(`
      grant update (withdrawn_at, withdrawn_by, withdrawn_by_name, withdrawal_reason) on publication to hotline_app`);

    for (const table of ['province_city', 'submission', 'submission_review']) {
      await queryRunner.query(
        `create policy ${table}_for_gate on ${table} to hotline_gate using (true) with check (true)`,
      );
    }
    await queryRunner.query(`grant select, insert, update (until_at), delete on province_city to hotline_gate`);
    await queryRunner.query(`grant select on submission to hotline_gate`);
    await queryRunner.query(`grant insert on submission_review to hotline_gate`);
    await this.createFunctions(queryRunner);
  }

  private async createFunctions(queryRunner: QueryRunner): Promise<void> {
    // By the operator alone: from then on the city belongs to this province and to no other; null: to none.
    await queryRunner.query(`
      create function relate_city(of_city uuid, to_province uuid, from_time timestamptz) returns boolean
      language plpgsql security definer set search_path = '' as $$
      declare
        found_city text;
        found_province text;
        begins timestamptz := greatest(from_time, now());
      begin
        if not exists (select from public.tenant o where o.tenant_id = ${currentTenant} and o.kind = 'operator') then
          return false;
        end if;
        perform pg_advisory_xact_lock(hashtextextended(of_city::text, 0));
        select city_code into found_city from public.tenant where tenant_id = of_city and kind = 'city';
        select province_code into found_province from public.tenant where tenant_id = to_province and kind = 'province';
        if found_city is null or (to_province is not null and found_province is null) then
          return false;
        end if;
        delete from public.province_city where city_id = of_city and from_at >= begins;
        update public.province_city set until_at = begins
          where city_id = of_city and (until_at is null or until_at > begins);
        if to_province is not null then
          insert into public.province_city (tenant_id, city_id, city_code, province_code, from_at)
            values (to_province, of_city, found_city, found_province, begins);
        end if;
        return true;
      end $$`);
    // By an office about a city that belongs to it now. The words become rows of the city.
    await queryRunner.query(`
      create function review_submission(of_city uuid, of_submission uuid, new_id uuid, new_kind text, new_text text,
        author uuid, author_name text)
      returns boolean
      language plpgsql security definer set search_path = '' as $$
      begin
        insert into public.submission_review
            (tenant_id, id, submission_id, kind, text, province_code, written_by, written_by_name)
          select s.tenant_id, new_id, s.id, new_kind, new_text, r.province_code, author, author_name
          from public.submission s join public.province_city r on r.city_id = s.tenant_id
          where s.tenant_id = of_city and s.id = of_submission and r.tenant_id = ${currentTenant}
            and r.from_at <= now() and (r.until_at is null or r.until_at > now());
        return found;
      end $$`);
    await queryRunner.query(`grant create on schema public to hotline_gate`);
    for (const signature of functions) {
      await queryRunner.query(`revoke all on function ${signature} from public`);
      await queryRunner.query(`grant execute on function ${signature} to hotline_app`);
      await queryRunner.query(`alter function ${signature} owner to hotline_gate`);
    }
    await queryRunner.query(`revoke create on schema public from hotline_gate`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`set local role hotline_gate`);
    for (const signature of functions) await queryRunner.query(`drop function ${signature}`);
    await queryRunner.query(`reset role`);
    for (const table of ['publication', 'submission_review', 'submission', 'province_city']) {
      await queryRunner.query(`drop table ${table}`);
    }
  }
}
