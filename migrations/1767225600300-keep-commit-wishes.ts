import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How an upload is to be committed once it is checked, and why a commit that was asked for was not carried out. */
export class KeepCommitWishes1767225600300 implements MigrationInterface {
  name = 'KeepCommitWishes1767225600300';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table "import"
        add column commit_when_checked text check (commit_when_checked in ('good_rows', 'all_or_nothing')),
        add column commit_refusal jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table "import" drop column commit_when_checked, drop column commit_refusal`);
  }
}
