import { Field, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../request/connection.js';

@ObjectType('ImportIssue', { description: '文件中的一个问题 One problem of a file' })
export class ImportIssueModel {
  @Field(() => String, {
    nullable: true,
    description: '所在工作表；文件只有一个时为 null Sheet of the row; null where the file has one',
  })
  sheet!: string | null;

  @Field(() => Int, { description: '文件（或工作表）中的行号，从 1 起 Row of the file, or of its sheet, from 1' })
  row!: number;

  @Field(() => String, {
    nullable: true,
    description: '标准列；null 表示整行 Canonical column; null where the row as a whole is meant',
  })
  column!: string | null;

  @Field(() => String, { nullable: true, description: '文件中的表头 Header in the file' })
  header!: string | null;

  @Field(() => String, {
    nullable: true,
    description: '文件中的值；个人信息已遮盖 Value in the file; masked where personal',
  })
  value!: string | null;

  @Field(() => String, {
    description: 'error：该行被拒绝；warning：该行保留 error: the row is refused; warning: it is kept',
  })
  level!: string;

  @Field(() => String, { description: '规则代码 Code of the rule' })
  rule!: string;

  @Field(() => String, { description: '哪里不对 What is wrong, in Chinese' })
  message!: string;

  @Field(() => String, { description: '英文 The same in English' })
  messageEn!: string;

  @Field(() => String, { description: '怎么办 What to do about it, in Chinese' })
  remedy!: string;

  @Field(() => String, { description: '英文 The same in English' })
  remedyEn!: string;
}

export const ImportIssueConnection = connectionOf(ImportIssueModel, 'ImportIssue');
