import type { Type } from '@nestjs/common';
import { createUnionType, Field, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum Language {
  ZH_CN = 'zh-CN',
  EN = 'en',
}
registerEnumType(Language, { name: 'Language', description: '文字的语言 Language of a text' });

@ObjectType({
  description:
    '可预见的失败：代码供程序判断，说明供人阅读 An expected failure: a code for programs, a sentence for people',
})
export class Failure {
  @Field(() => String, { description: '稳定的代码 A stable code, such as import_not_checked' })
  code!: string;

  @Field(() => String, { description: '中文说明 What happened and what to do, in Chinese' })
  message!: string;

  @Field(() => String, { description: '英文说明 The same in English' })
  messageEn!: string;
}

/** What a mutation answers: what it made, or why it did not. */
export function resultOf<T extends object>(type: Type<T>, name: string, description: string) {
  return createUnionType({
    name,
    description,
    types: () => [type, Failure] as const,
    resolveType: (value: object) => ('code' in value ? Failure : type),
  });
}

@ObjectType({ description: '已完成 It is done' })
export class Done {
  @Field(() => Boolean, { description: '始终为真 Always true' })
  done!: true;
}

export const DoneResult = resultOf(Done, 'DoneResult', '已完成，或失败原因 Done, or why not');
