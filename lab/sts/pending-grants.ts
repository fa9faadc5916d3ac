import { randomBytes, randomInt } from 'node:crypto';
import type { PrincipalSeed } from '../ports.ts';

export interface DeviceGrant {
  readonly deviceCode: string;
  /** What the person types. */
  readonly userCode: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly scope: string;
  readonly expiresAt: number;
  readonly outcome: PrincipalSeed | 'pending' | 'declined';
}

export interface CodeGrant {
  readonly code: string;
  readonly user: PrincipalSeed;
  readonly tenant: string;
  readonly clientId: string;
  readonly scope: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | undefined;
  readonly expiresAt: number;
}

/** Sign-ins that are under way. They live minutes, so a restart of the lab ends them. */
export interface PendingGrants {
  startDevice(request: Pick<DeviceGrant, 'tenant' | 'clientId' | 'scope'>): DeviceGrant;
  device(deviceCode: string): DeviceGrant | undefined;
  /** Undefined when no such sign-in is waiting. */
  settleDevice(userCode: string, outcome: PrincipalSeed | 'declined'): DeviceGrant | undefined;
  endDevice(deviceCode: string): void;
  waitingDevices(): readonly DeviceGrant[];
  startCode(request: Omit<CodeGrant, 'code' | 'expiresAt'>): CodeGrant;
  /** A code is good for one try. */
  takeCode(code: string): CodeGrant | undefined;
}

const deviceMs = 15 * 60_000;
const codeMs = 10 * 60_000;
/** Letters and digits that people do not mix up. */
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ23456789';

export function createPendingGrants(now: () => number): PendingGrants {
  const devices = new Map<string, DeviceGrant>();
  const codes = new Map<string, CodeGrant>();
  const normal = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const waiting = (): DeviceGrant[] =>
    [...devices.values()].filter((each) => each.outcome === 'pending' && each.expiresAt > now());
  return {
    startDevice(request) {
      const grant: DeviceGrant = {
        ...request,
        deviceCode: randomBytes(48).toString('base64url'),
        userCode: Array.from({ length: 9 }, () => alphabet[randomInt(alphabet.length)]).join(''),
        expiresAt: now() + deviceMs,
        outcome: 'pending',
      };
      devices.set(grant.deviceCode, grant);
      return grant;
    },
    device: (deviceCode) => devices.get(deviceCode),
    settleDevice(userCode, outcome) {
      const found = waiting().find((each) => each.userCode === normal(userCode));
      if (!found) return undefined;
      const settled = { ...found, outcome };
      devices.set(found.deviceCode, settled);
      return settled;
    },
    endDevice: (deviceCode) => {
      devices.delete(deviceCode);
    },
    waitingDevices: waiting,
    startCode(request) {
      const grant = { ...request, code: randomBytes(48).toString('base64url'), expiresAt: now() + codeMs };
      codes.set(grant.code, grant);
      return grant;
    },
    takeCode(code) {
      const found = codes.get(code);
      codes.delete(code);
      return found;
    },
  };
}
