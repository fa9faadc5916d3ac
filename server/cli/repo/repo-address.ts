import { AppError } from '../../../core/contract/index.ts';

/** A container by its address, and the folder in it. */
export interface ContainerAddress {
  readonly container: string;
  readonly folder: string;
  /** Whether the address itself carries the right to use it. */
  readonly hasSas: boolean;
}

/** True for the address of a container, false for a local folder. */
export function isContainerAddress(address: string): boolean {
  return /^https?:\/\//i.test(address);
}

/** `https://account.blob.core.windows.net/container/a/b?sas` is the folder `a/b`; path-style hosts have one more segment. */
export function splitContainerUrl(address: string): ContainerAddress {
  const url = new URL(address);
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const own = /\.blob\./.test(url.hostname) ? 1 : 2;
  if (segments.length < own) {
    throw new AppError('invalid-input', {
      message: 'The address names no container.',
      hint: 'It looks like https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER?SAS.',
      details: { field: 'repo' },
    });
  }
  const folder = decodeURIComponent(segments.slice(own).join('/'));
  url.pathname = `/${segments.slice(0, own).join('/')}`;
  return { container: url.href, folder, hasSas: url.searchParams.has('sig') };
}
