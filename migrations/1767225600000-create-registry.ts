import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reference data, the same for every tenant: the application reads it, a seed at start writes it. */
export class CreateRegistry1767225600000 implements MigrationInterface {
  name = 'CreateRegistry1767225600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table province (
        code text primary key check (code ~ '^[0-9]{2}0000$'),
        name text not null unique,
        name_short text not null,
        name_en text not null,
        region text not null
      )`);
    await queryRunner.query(`
      create table city (
        code text primary key check (code ~ '^[0-9]{6}$'),
        name text not null unique,
        name_short text not null,
        name_en text not null,
        province_code text not null references province (code),
        region text not null,
        tier text not null,
        tier_source text not null,
        admin_level text not null,
        admin_level_name text not null,
        provincial_capital boolean not null,
        sub_provincial boolean not null,
        separately_planned boolean not null,
        grade_2023 text not null
      )`);
    await queryRunner.query(`
      create table published_figure (
        key text primary key,
        value jsonb not null,
        unit text not null,
        scope jsonb not null,
        section text not null
      )`);
    await queryRunner.query(`
      create table ranking_entry (
        ranking text not null,
        rank integer not null check (rank > 0),
        code text not null,
        name text not null,
        primary key (ranking, rank),
        unique (ranking, code)
      )`);
    await queryRunner.query(
      `grant select on province, city, published_figure, ranking_entry to hotline_app, hotline_benchmark`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table ranking_entry`);
    await queryRunner.query(`drop table published_figure`);
    await queryRunner.query(`drop table city`);
    await queryRunner.query(`drop table province`);
  }
}
