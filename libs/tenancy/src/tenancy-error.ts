export type TenancyErrorCode =
  | 'sign_in_failed'
  | 'sign_in_delayed'
  | 'code_needed'
  | 'code_wrong'
  | 'second_factor_exists'
  | 'second_factor_not_begun'
  | 'provider_not_configured'
  | 'provider_unreachable'
  | 'not_a_member'
  | 'session_ended'
  | 'session_not_found'
  | 'password_rejected'
  | 'link_invalid'
  | 'mail_not_configured'
  | 'reset_needs_mail'
  | 'invitation_not_found'
  | 'member_not_found'
  | 'last_administrator'
  | 'tenant_has_administrator'
  | 'relation_refused'
  | 'name_missing'
  | 'scope_unknown'
  | 'expiry_in_past'
  | 'api_key_not_found'
  | 'embed_key_not_found'
  | 'origins_missing'
  | 'origin_invalid'
  | 'webhook_endpoint_not_found'
  | 'webhook_delivery_not_found'
  | 'webhook_endpoints_too_many'
  | 'webhook_url_invalid'
  | 'webhook_event_unknown'
  | 'tenant_invalid'
  | 'email_invalid'
  | 'idempotency_key_reused'
  | 'idempotency_key_busy'
  | 'idempotency_outcome_unknown';

/** What a person or program asked for cannot be done; worded by whoever shows it. */
export class TenancyError extends Error {
  constructor(
    readonly code: TenancyErrorCode,
    readonly params: Readonly<Record<string, string | number>> = {},
  ) {
    super(code);
    this.name = 'TenancyError';
  }
}
