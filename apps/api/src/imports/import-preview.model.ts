import { createUnionType, Field, Int, ObjectType } from '@nestjs/graphql';
import { Failure } from '../request/failure.model.js';
import { CheckCountsModel, ImportModel, RowChangesModel } from './import.model.js';

@ObjectType('DaySpan', { description: '连续的若干天，首尾均含 Unbroken days, both ends included' })
export class DaySpanModel {
  @Field(() => String, { description: '第一天 First day' })
  first!: string;

  @Field(() => String, { description: '最后一天 Last day' })
  last!: string;
}

@ObjectType('StoredCell', { description: '将要存储的一格 A cell as it will be stored' })
export class StoredCellModel {
  @Field(() => String, { description: '标准列 Canonical column' })
  column!: string;

  @Field(() => String, { nullable: true, description: '值；空格或不予显示为 null Value; null: empty, or not shown' })
  value!: string | null;

  @Field(() => Boolean, {
    description: '有值但不予显示：个人信息的加密摘要 Filled but not shown: the keyed hash of personal data',
  })
  hidden!: boolean;
}

@ObjectType('ChangedCell', { description: '将要改变的一格 A cell that will change' })
export class ChangedCellModel {
  @Field(() => String, { description: '标准列 Canonical column' })
  column!: string;

  @Field(() => String, {
    nullable: true,
    description: '原值；空格或不予显示为 null Old value; null: empty, or not shown',
  })
  old!: string | null;

  @Field(() => String, {
    nullable: true,
    description: '新值；空格或不予显示为 null New value; null: empty, or not shown',
  })
  new!: string | null;

  @Field(() => Boolean, {
    description: '改变了但不予显示：个人信息的加密摘要 Changed but not shown: the keyed hash of personal data',
  })
  hidden!: boolean;
}

@ObjectType('ChangedRow', { description: '将被替换为不同内容的一行 A row that a different one will replace' })
export class ChangedRowModel {
  @Field(() => [StoredCellModel], { description: '主键 The natural key' })
  key!: StoredCellModel[];

  @Field(() => [ChangedCellModel], { description: '不同的各格 The cells that differ' })
  cells!: ChangedCellModel[];
}

@ObjectType('ImportPreview', {
  description:
    '检查过的导入一旦生效会怎样；未写入任何数据 What a checked import would do if committed; nothing is written',
})
export class ImportPreviewModel {
  @Field(() => ImportModel, { description: '该导入 The import' })
  import!: ImportModel;

  @Field(() => Int, {
    description:
      '所依据的数据版本；作为 commitImport 的 onlyIf 可确保生效结果与预览一致 Version of the rows it was worked out on; as onlyIf of commitImport it makes sure of this very outcome',
  })
  version!: number;

  @Field(() => CheckCountsModel, { description: '行数统计 Row counts' })
  counts!: CheckCountsModel;

  @Field(() => RowChangesModel, { description: '对已存数据的更改 What changes in the stored rows' })
  changes!: RowChangesModel;

  @Field(() => [String], { description: '未使用的列（表头） Columns that are not used, by header' })
  unusedColumns!: string[];

  @Field(() => String, { nullable: true, description: '最早一天；没有可接受的行为 null First day; null without a row' })
  firstDay!: string | null;

  @Field(() => String, { nullable: true, description: '最晚一天；没有可接受的行为 null Last day; null without a row' })
  lastDay!: string | null;

  @Field(() => Int, { description: '有数据的天数 Days with rows in the file' })
  days!: number;

  @Field(() => Int, { description: '其中已有存储数据的天数 Of these, days that have stored rows already' })
  presentDays!: number;

  @Field(() => [DaySpanModel], {
    description: '已有存储数据的日期，最多列出 100 段 The days that have stored rows already; the first 100 spans',
  })
  present!: DaySpanModel[];

  @Field(() => [[StoredCellModel]], { description: '将要存储的前五行 The first five rows as they will be stored' })
  firstRows!: StoredCellModel[][];

  @Field(() => [ChangedRowModel], {
    description: '将要改变的行，最多列出前二十行 Rows that will change; the first twenty',
  })
  changedRows!: ChangedRowModel[];
}

export const ImportPreviewResult = createUnionType({
  name: 'ImportPreviewResult',
  description: '预览，或失败原因 The preview, or why not',
  types: () => [ImportPreviewModel, Failure] as const,
  resolveType: (value: object) => ('code' in value ? Failure : ImportPreviewModel),
});
