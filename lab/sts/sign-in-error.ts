import { json, type LabResponse } from '../front/index.ts';

/** A refusal in the sign-in service's own words: the OAuth error, its AADSTS number and text. */
export class SignInError extends Error {
  readonly error: string;
  readonly number: number;
  readonly status: number;

  constructor(
    error: string,
    number: number,
    message: string,
    status = error === 'invalid_client' ? 401 : 400,
  ) {
    super(message);
    this.error = error;
    this.number = number;
    this.status = status;
  }
}

export const tenantNotFound = (tenant: string): SignInError =>
  new SignInError(
    'invalid_request',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );

export const missingParameter = (name: string): SignInError =>
  new SignInError(
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  );

export const applicationNotFound = (clientId: string, tenant: string): SignInError =>
  new SignInError(
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
  );

/** The error body as Entra ID sends it. */
export function signInErrorResponse(
  error: SignInError,
  ids: { trace: string; correlation: string; now: number },
): LabResponse {
  const timestamp = `${new Date(ids.now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return json(
    error.status,
    {
      error: error.error,
      error_description: `AADSTS${error.number}: ${error.message} Trace ID: ${ids.trace} Correlation ID: ${ids.correlation} Timestamp: ${timestamp}`,
      error_codes: [error.number],
      timestamp,
      trace_id: ids.trace,
      correlation_id: ids.correlation,
    },
    { 'x-ms-request-id': ids.trace },
  );
}
