import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Most facts belong to series of which only the sum over a period counts (`dailySeries` in the core names the others).
 * Their sums by calendar month spare an assessment of a year nine of ten rows it would have to add up.
 */
export class SumMonths1767225600745 implements MigrationInterface {
  name = 'SumMonths1767225600745';

  async up(queryRunner: QueryRunner): Promise<void> {
    // Facts that are there already are read day by day, which is right for every series, until their month is made anew.
    await queryRunner.query(`alter table daily_fact add column is_daily boolean not null default true`);
    await queryRunner.query(`alter table daily_fact alter column is_daily drop default`);
    await queryRunner.query(`drop index daily_fact_by_day`);
    await queryRunner.query(`create index daily_fact_by_day on daily_fact (tenant_id, methodology, is_daily, day)`);
    await queryRunner.query(`
      create table month_fact (
        tenant_id uuid not null references tenant (tenant_id),
        methodology text not null,
        dataset text not null,
        month text not null,
        series text not null,
        first_day date not null check (first_day = date_trunc('month', first_day)),
        stratum text not null,
        after_day date not null,
        until_day date not null,
        n bigint not null,
        total numeric not null,
        primary key (tenant_id, methodology, dataset, month, series, first_day, stratum, after_day, until_day)
      )`);
    await queryRunner.query(`create index month_fact_by_day on month_fact (tenant_id, methodology, first_day)`);
    await queryRunner.query(`alter table month_fact enable row level security`);
    await queryRunner.query(`alter table month_fact force row level security`);
    await queryRunner.query(`
      create policy month_fact_of_tenant on month_fact to hotline_app
        using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    await queryRunner.query(`grant select, insert, delete on month_fact to hotline_app`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table month_fact`);
    await queryRunner.query(`drop index daily_fact_by_day`);
    await queryRunner.query(`create index daily_fact_by_day on daily_fact (tenant_id, methodology, day)`);
    await queryRunner.query(`alter table daily_fact drop column is_daily`);
  }
}
