import { deletionStates, exportStates } from '@hotline/rights';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../request/connection.js';
import { resultOf } from '../request/failure.model.js';

export const DataExportState = Object.fromEntries(exportStates.map((state) => [state, state]));
registerEnumType(DataExportState, {
  name: 'DataExportState',
  description: '导出的状态：准备中、可下载、未能完成、已过期 State of an export: in the making, ready, failed, expired',
});

export const TenantDeletionState = Object.fromEntries(deletionStates.map((state) => [state, state]));
registerEnumType(TenantDeletionState, {
  name: 'TenantDeletionState',
  description: '删除的状态：已申请、已确认、已撤回 State of a deletion: asked for, confirmed, withdrawn',
});

@ObjectType('DataExport', { description: '本租户全部数据的导出 An archive of everything the tenant has' })
export class DataExportModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => DataExportState, { description: '状态 State' })
  state!: string;
  @Field(() => ID, { description: '准备它的任务 The job that makes it' })
  jobId!: string;
  @Field(() => Date, { description: '申请时间 Asked for at' })
  requestedAt!: Date;
  @Field(() => Date, { nullable: true, description: '可下载到此时 Can be taken until then' })
  expiresAt!: Date | null;
  @Field(() => Float, { nullable: true, description: '字节数；未完成则为空 Bytes; null while it is not ready' })
  bytes!: number | null;
  @Field(() => String, { nullable: true, description: 'SHA-256，十六进制 SHA-256, hexadecimal' })
  sha256!: string | null;
  @Field(() => Int, { description: '已下载的次数 How often it was taken' })
  downloads!: number;
  @Field(() => String, {
    nullable: true,
    description: '下载地址，只供管理员；可续传 Where an administrator takes it; can be resumed',
  })
  address!: string | null;
}

@ObjectType('TenantDeletion', { description: '删除本租户全部数据的申请 The wish to delete everything of the tenant' })
export class TenantDeletionModel {
  @Field(() => ID, { description: '编号，也是证书的编号 Id, also of the certificate' })
  id!: string;
  @Field(() => TenantDeletionState, { description: '状态 State' })
  state!: string;
  @Field(() => Date, { description: '申请时间 Asked for at' })
  requestedAt!: Date;
  @Field(() => Date, {
    description: '在此之前须由另一位管理员确认 Before then another administrator has to confirm it',
  })
  aloneFrom!: Date;
  @Field(() => Date, { nullable: true, description: '确认时间 Confirmed at' })
  confirmedAt!: Date | null;
  @Field(() => String, {
    description: '删除完成后证书的地址，无需登录 Where the certificate will be, open without signing in',
  })
  certificate!: string;
}

export const DataExportConnection = connectionOf(DataExportModel, 'DataExport');
export const DataExportResult = resultOf(
  DataExportModel,
  'DataExportResult',
  '导出，或失败原因 The export, or why not',
);
export const TenantDeletionResult = resultOf(
  TenantDeletionModel,
  'TenantDeletionResult',
  '删除申请，或失败原因 The wish, or why not',
);
