import type { JsonObject, LabResponse } from '../front/index.ts';

/** A refusal in Key Vault's shape: `{"error":{"code","message","innererror":{"code"}}}`. */
export class VaultError extends Error {
  readonly status: number;
  readonly code: string;
  readonly inner: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    extra: { readonly inner?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.inner = extra.inner;
    this.headers = extra.headers ?? {};
  }

  toResponse(): LabResponse {
    const inner: JsonObject = this.inner === undefined ? {} : { innererror: { code: this.inner } };
    return {
      status: this.status,
      headers: this.headers,
      body: { error: { code: this.code, message: this.message, ...inner } },
    };
  }
}

export const badParameter = (message: string): VaultError => new VaultError(400, 'BadParameter', message);

export const forbidden = (inner: string, message: string): VaultError =>
  new VaultError(403, 'Forbidden', message, { inner });

export const keyNotFound = (nameOrId: string): VaultError =>
  new VaultError(
    404,
    'KeyNotFound',
    `A key with (name/id) ${nameOrId} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  );

export const deletedButRecoverable = (name: string): VaultError =>
  new VaultError(
    409,
    'Conflict',
    `Key ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.`,
    { inner: 'ObjectIsDeletedButRecoverable' },
  );
