import { describe, expect, test } from 'vitest';
import { AppError } from '../contract/index.ts';
import { azureCall, azureError, orNull, toAzureError, withoutSecrets } from './errors.ts';

const failure = (status: number, azureCode: string, message = '', inner = '') => ({
  status,
  azureCode,
  message,
  requestId: 'r-1',
  inner,
});

describe('answers of Azure', () => {
  test.each([
    [409, 'SkuNotAvailable', '', 'capacity-unavailable', true],
    [409, 'ZonalAllocationFailed', '', 'capacity-unavailable', true],
    [
      409,
      'OperationNotAllowed',
      'exceeding approved standardFSv2Family Cores quota',
      'quota-exceeded',
      false,
    ],
    [409, 'OperationNotAllowed', 'disk is attached', 'conflict', true],
    [403, 'AuthorizationFailed', 'no', 'permission-denied', false],
    [403, 'AuthorizationPermissionMismatch', '', 'permission-denied', false],
    [401, 'ExpiredAuthenticationToken', '', 'not-signed-in', false],
    [404, 'ResourceNotFound', '', 'not-found', false],
    [429, 'SubscriptionRequestsThrottled', '', 'throttled', true],
    [500, 'InternalServerError', '', 'azure-failed', true],
    [400, 'InvalidParameter', 'bad', 'azure-failed', false],
  ])('%i %s %s is %s', (status, azureCode, message, code, retryable) => {
    const error = azureError('do it', failure(status, azureCode, message));
    expect(error).toMatchObject({ code, retryable, details: { azureCode, requestId: 'r-1' } });
    expect(error.hint).not.toBe('');
  });

  test('a missing permission is named, with its scope', () => {
    const message =
      "The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.Compute/snapshots/write' over scope '/subscriptions/s/resourceGroups/g' or the scope is invalid.";
    const error = azureError('snapshot web-os', failure(403, 'AuthorizationFailed', message));
    expect(error.message).toBe(
      'The account may not snapshot web-os: the permission "Microsoft.Compute/snapshots/write" is missing.',
    );
    expect(error.details).toMatchObject({
      missingAction: 'Microsoft.Compute/snapshots/write',
      scope: '/subscriptions/s/resourceGroups/g',
    });
  });

  test('inner errors are kept', () => {
    const error = azureError('x', failure(409, 'Conflict', 'outer', 'Inner: why'));
    expect(error.details['inner']).toBe('Inner: why');
  });
});

describe('what libraries throw', () => {
  test.each([
    [{ name: 'RestError', code: 'REQUEST_SEND_ERROR', message: 'connect ECONNREFUSED' }, 'unreachable'],
    [{ name: 'RestError', code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND x' }, 'unreachable'],
    [{ name: 'ClientAuthError', message: 'endpoints_resolution_error: x' }, 'unreachable'],
    [{ name: 'AbortError', message: 'The operation was aborted.' }, 'cancelled'],
    [
      { name: 'AuthenticationRequiredError', message: 'invalid_client: AADSTS7000215: Invalid' },
      'sign-in-failed',
    ],
    [{ name: 'InteractionRequiredAuthError', message: 'no_tokens_found' }, 'not-signed-in'],
    [
      { name: 'RestError', statusCode: 404, details: { errorCode: 'ContainerNotFound' }, message: '' },
      'not-found',
    ],
    [{ name: 'AuthError', message: 'post_request_failed: authorization_declined' }, 'sign-in-failed'],
    [{ name: 'AuthError', message: 'network_error: x' }, 'unreachable'],
    [{ name: 'Error', message: 'something else' }, 'azure-failed'],
    ['a text', 'azure-failed'],
    [null, 'azure-failed'],
  ])('%j is %s', (thrown, code) => {
    expect(toAzureError('try', thrown)).toMatchObject({ code });
  });

  test('an AppError passes as it is', () => {
    const error = new AppError('damaged', { message: 'x' });
    expect(toAzureError('try', error)).toBe(error);
  });

  test('no signature and no token gets into an error', () => {
    const text =
      'GET https://md-x.z1.blob.storage.azure.net/a/abcd?sv=2018-03-28&sr=b&sig=abc%2Fdef%3D&se=2026 Authorization: Bearer eyJ0.eyJh.c2ln';
    expect(withoutSecrets(text)).not.toMatch(/abc%2F|eyJ/);
    const error = toAzureError('read', { name: 'RestError', code: 'ECONNRESET', message: text });
    expect(JSON.stringify(error.toRecord())).not.toMatch(/abc%2F|eyJ/);
  });
});

test('a call with an aborted signal does not begin', async () => {
  let begun = false;
  const call = azureCall('wait', AbortSignal.abort(), async () => {
    begun = true;
  });
  await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  expect(begun).toBe(false);
});

test('only not-found becomes null', async () => {
  const reject = (code: 'not-found' | 'conflict') => Promise.reject(new AppError(code, { message: 'x' }));
  expect(await orNull(reject('not-found'))).toBeNull();
  await expect(orNull(reject('conflict'))).rejects.toMatchObject({ code: 'conflict' });
});
