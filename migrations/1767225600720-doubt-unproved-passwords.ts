import type { MigrationInterface, QueryRunner } from 'typeorm';

const keep = `insert into public.account_identity (issuer, subject, account_id) values (of_issuer, of_subject, of_account)
  on conflict (issuer, subject) do nothing`;

/**
 * Where there is no mail, whoever is handed the link of an invitation names the password: it may not be the person of
 * the address. Once the provider has shown who that is, what was set before them counts no more.
 */
export class DoubtUnprovedPasswords1767225600720 implements MigrationInterface {
  name = 'DoubtUnprovedPasswords1767225600720';

  async up(queryRunner: QueryRunner): Promise<void> {
    await redefine(
      queryRunner,
      `${keep};
      if found and not exists (select from public.account_identity i where i.account_id = of_account
          and (i.issuer, i.subject) <> (of_issuer, of_subject)) then
        update public.account set password_hash = null where id = of_account;
        delete from public.password_reset where account_id = of_account;
        delete from public.second_factor where account_id = of_account;
        delete from public.session where account_id = of_account;
      end if;`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await redefine(queryRunner, `${keep};`);
  }
}

async function redefine(queryRunner: QueryRunner, body: string): Promise<void> {
  await queryRunner.query(`grant create on schema public to hotline_gate`);
  await queryRunner.query(`set local role hotline_gate`);
  await queryRunner.query(`
    create or replace function keep_identity(of_issuer text, of_subject text, of_account uuid) returns void
    language plpgsql security definer set search_path = '' as $$ begin ${body} end $$`);
  await queryRunner.query(`reset role`);
  await queryRunner.query(`revoke create on schema public from hotline_gate`);
}
