import { FileRefused } from '../refused.js';
import type { Note, Refusal } from '../tasks.js';

/** Why a file is refused whole. Wording: data/messages-decode.json. */
export const refusalCodes = [
  'file_empty',
  'file_without_rows',
  'file_xls',
  'file_encrypted',
  'file_other_office',
  'file_ods',
  'file_xlsb',
  'file_macros',
  'file_html',
  'file_xml_spreadsheet',
  'file_pdf',
  'file_image',
  'file_archive',
  'file_zip',
  'nul_bytes',
  'undecodable',
  'open_quote',
  'record_too_long',
  'too_many_columns',
  'too_many_rows',
  'cell_too_long',
  'row_too_long',
  'decoded_too_large',
  'workbook_damaged',
  'workbook_doctype',
  'workbook_too_many_parts',
  'workbook_too_large',
  'workbook_bomb',
  'workbook_strings_too_large',
  'workbook_too_many_merges',
  'workbook_without_sheet',
  'sheet_unknown',
  'dataset_unknown',
  'dataset_not_recognised',
  'header_not_found',
  'header_row_absent',
  'header_repeated',
  'mapping_header_missing',
  'mapping_column_unknown',
  'mapping_constant_unknown',
  'mapping_constant_and_header',
  'required_columns_missing',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** What the import report says about a file that was read. */
export const noteCodes = [
  'blank_rows',
  'header_unused',
  'header_repeated_unused',
  'header_merged',
  'merged_cells',
  'sheets_joined',
  'other_sheets',
  'named_as_other',
] as const;
export type NoteCode = (typeof noteCodes)[number];

export function refuse(code: RefusalCode, params: Refusal['params'] = {}): never {
  throw new FileRefused({ code, params });
}

export function note(code: NoteCode, params: Note['params']): Note {
  return { code, params };
}
