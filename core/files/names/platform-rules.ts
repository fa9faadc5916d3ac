/** Whose rules a name has to keep: those of the computer that it is written to. */
export type NamePlatform = 'posix' | 'darwin' | 'windows';

export interface PlatformRules {
  /** Characters that no name may have. */
  readonly forbidden: RegExp;
  /** Names that are refused although each of their characters is allowed. */
  readonly reserved: RegExp;
  /** Whether the last character may not be the last. */
  readonly badEnd: RegExp;
  /** Two names with the same fold are one name. */
  fold(name: string): string;
  /** In the unit that the platform counts; 255 of it are the most. */
  length(name: string): number;
}

/** Naming Files, Paths, and Namespaces (Microsoft); the superscript digits count as digits there. */
const WINDOWS_DEVICES = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)/i;

const posix: PlatformRules = {
  forbidden: /[/\0]/,
  reserved: /^\.\.?$/,
  badEnd: /(?!)/,
  fold: (name) => name,
  length: (name) => Buffer.byteLength(name),
};

export const platformRules: Readonly<Record<NamePlatform, PlatformRules>> = {
  posix,
  darwin: { ...posix, fold: foldedCase },
  windows: {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: Windows refuses them
    forbidden: /[<>:"/\\|?*\0-\x1f]/,
    reserved: new RegExp(`^\\.\\.?$|${WINDOWS_DEVICES.source}`, 'i'),
    badEnd: /[. ]$/,
    fold: foldedCase,
    length: (name) => name.length,
  },
};

/** Coarser than any file system's own table, so that a collision is never missed. */
function foldedCase(name: string): string {
  return name.normalize('NFD').toUpperCase().toLowerCase().normalize('NFD');
}

/** The rules of this computer. */
export function ownPlatform(platform: NodeJS.Platform = process.platform): NamePlatform {
  if (platform === 'win32') return 'windows';
  return platform === 'darwin' ? 'darwin' : 'posix';
}
