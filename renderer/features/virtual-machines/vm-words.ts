import type { VirtualMachine } from '../../../core/contract/index.ts';
import type { Tone } from '../../ui/index.ts';

type Protection = VirtualMachine['protection']['state'];

export const protectionWords: Record<Protection, string> = {
  protected: 'Protected',
  unprotected: 'Not protected',
  'not-supported': 'Not supported',
};

export const protectionTones: Record<Protection, Tone> = {
  protected: 'good',
  unprotected: 'warning',
  'not-supported': 'quiet',
};

export const powerWords: Record<VirtualMachine['power'], string> = {
  running: 'Running',
  stopped: 'Stopped',
  deallocated: 'Deallocated',
  other: 'Unknown',
};

export const osWords: Record<VirtualMachine['os'], string> = {
  linux: 'Linux',
  windows: 'Windows',
  unknown: 'Unknown',
};
