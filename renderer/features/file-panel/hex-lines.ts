export interface HexLine {
  /** Of the line's first byte, four hexadecimal digits: only beginnings are shown. */
  readonly offset: string;
  readonly bytes: string;
  /** Printable ASCII, a dot for everything else. */
  readonly signs: string;
}

/** Bytes as lines of 8: a panel is narrow. */
export function hexLines(bytes: Uint8Array, width = 8): readonly HexLine[] {
  return Array.from({ length: Math.ceil(bytes.length / width) }, (_, line) => {
    const part = [...bytes.subarray(line * width, (line + 1) * width)];
    return {
      offset: (line * width).toString(16).padStart(4, '0'),
      bytes: part
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join(' ')
        .padEnd(width * 3 - 1),
      signs: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
    };
  });
}
