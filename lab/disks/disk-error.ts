/** Why the bytes of a disk cannot be had or changed; `code` is the one Azure's Compute or Storage service would give. */
export class DiskError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'DiskError';
    this.code = code;
  }
}
