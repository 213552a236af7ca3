import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who removes their second factor has shown none any more, in whatever session: administrators may be required to. */
export class ForgetShownFactors1767225600710 implements MigrationInterface {
  name = 'ForgetShownFactors1767225600710';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`grant update (second_factor) on session to hotline_gate`);
    await redefine(
      queryRunner,
      `delete from public.second_factor where account_id = of_account;
       update public.session set second_factor = false where account_id = of_account and second_factor`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await redefine(queryRunner, `delete from public.second_factor where account_id = of_account`);
    await queryRunner.query(`revoke update (second_factor) on session from hotline_gate`);
  }
}

async function redefine(queryRunner: QueryRunner, body: string): Promise<void> {
  await queryRunner.query(`grant create on schema public to hotline_gate`);
  await queryRunner.query(`set local role hotline_gate`);
  await queryRunner.query(`
    create or replace function remove_second_factor(of_account uuid) returns void
    language sql security definer set search_path = '' as $$ ${body} $$`);
  await queryRunner.query(`reset role`);
  await queryRunner.query(`revoke create on schema public from hotline_gate`);
}
