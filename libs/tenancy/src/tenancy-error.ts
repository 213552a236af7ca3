export type TenancyErrorCode =
  | 'sign_in_failed'
  | 'sign_in_delayed'
  | 'password_rejected'
  | 'scope_unknown'
  | 'expiry_in_past'
  | 'api_key_not_found'
  | 'tenant_invalid'
  | 'email_invalid';

/** What a person or program asked for cannot be done; worded by whoever shows it. */
export class TenancyError extends Error {
  constructor(
    readonly code: TenancyErrorCode,
    readonly parameters: Readonly<Record<string, string | number>> = {},
  ) {
    super(code);
    this.name = 'TenancyError';
  }
}
