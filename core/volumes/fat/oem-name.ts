/** The upper halves of the two code pages that Windows and DOS use for short names in the Americas and in Europe. */
const PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const PAGE_850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';

/**
 * The text of a short name or label. A volume does not say which code page its machine used: a name that has
 * a Latin letter in the European page where the American one has a symbol is read in the European one.
 */
export function decodeOemName(bytes: Uint8Array): string {
  const isEuropean = bytes.some((byte) => isLatin(PAGE_850[byte - 0x80]) && !isLatin(PAGE_437[byte - 0x80]));
  const page = isEuropean ? PAGE_850 : PAGE_437;
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : (page[byte - 0x80] ?? ''),
  ).join('');
}

function isLatin(character: string | undefined): boolean {
  return character !== undefined && /\p{Script=Latin}/u.test(character);
}
