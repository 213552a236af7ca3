import { Field, ID, ObjectType } from '@nestjs/graphql';
import { DefinitionTopicModel } from '../definitions/definition.model.js';

@ObjectType({ description: '代码 A code of a list' })
export class CodeModel {
  @Field(() => String, { description: '代码 Code' })
  code!: string;
  @Field(() => String, { description: '中文 In Chinese' })
  name!: string;
  @Field(() => String, { description: '英文 In English' })
  nameEn!: string;
  @Field(() => [String], { description: '也接受的写法 Further spellings' })
  accepts!: string[];
}

@ObjectType({ description: '数据集的一列 A column of a dataset' })
export class DatasetColumnModel {
  @Field(() => ID, { description: '标准列代码 Canonical id' })
  id!: string;
  @Field(() => String, { description: '中文表头 Header in Chinese' })
  name!: string;
  @Field(() => String, { description: '英文表头 Header in English' })
  nameEn!: string;
  @Field(() => String, { description: '类型 Type' })
  type!: string;
  @Field(() => Boolean, { description: '是否必填 Whether it is required' })
  required!: boolean;
  @Field(() => Boolean, { description: '是否属于主键 Whether it is part of the natural key' })
  key!: boolean;
  @Field(() => String, { nullable: true, description: '单位 Unit' })
  unit!: string | null;
  @Field(() => String, { nullable: true, description: '含义 Meaning in Chinese' })
  meaning!: string | null;
  @Field(() => String, { nullable: true, description: '英文含义 Meaning in English' })
  meaningEn!: string | null;
  @Field(() => String, {
    nullable: true,
    description: '个人信息类别；入库前散列 Kind of personal data; hashed before storage',
  })
  personal!: string | null;
  @Field(() => [String], { description: '也接受的表头 Further headers' })
  aliases!: string[];
  @Field(() => [CodeModel], { description: '代码表；其他类型为空 Code list; empty for other types' })
  codes!: CodeModel[];
}

@ObjectType({ description: '数据集的校验规则 A rule that every row is checked by' })
export class DatasetRuleModel {
  @Field(() => ID, { description: '代码 Id' })
  id!: string;
  @Field(() => String, { description: 'error 拒绝该行；warning 保留并提示 error refuses the row, warning keeps it' })
  level!: string;
  @Field(() => String, { description: '说明 In Chinese' })
  message!: string;
  @Field(() => String, { description: '英文说明 In English' })
  messageEn!: string;
}

@ObjectType('Dataset', { description: '可上传的数据集 A kind of rows a centre uploads' })
export class DatasetModel {
  @Field(() => ID, { description: '代码 Id' })
  id!: string;
  @Field(() => String, { description: '名称 Name' })
  name!: string;
  @Field(() => String, { description: '英文名称 Name in English' })
  nameEn!: string;
  @Field(() => String, { description: '用途 Purpose in Chinese' })
  purpose!: string;
  @Field(() => String, { description: '英文用途 Purpose in English' })
  purposeEn!: string;
  @Field(() => [DatasetColumnModel], { description: '各列 Columns' })
  columns!: DatasetColumnModel[];
  @Field(() => [DatasetRuleModel], { description: '校验规则 Rules' })
  rules!: DatasetRuleModel[];
  @Field(() => [DefinitionTopicModel], {
    description: '其数据所依据的统计口径有哪些问题 Questions of definition that its files answer',
  })
  definitions!: DefinitionTopicModel[];
  @Field(() => String, {
    description: '模板的地址（XLSX）；加 ?lang=en 为英文 Path of the template; ?lang=en in English',
  })
  templatePath!: string;
  @Field(() => String, { description: '模板的地址（CSV） The same as CSV' })
  templateCsvPath!: string;
  @Field(() => String, { description: 'Table Schema 的地址 Path of the Table Schema' })
  schemaPath!: string;
}
