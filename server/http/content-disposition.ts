/**
 * `Content-Disposition` for a file of any name: a plain ASCII fallback, and the true name in UTF-8 (RFC 6266 with RFC
 * 8187). No character of the name can end the header or a parameter.
 */
export function contentDisposition(fileName: string): string {
  const fallback = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return `attachment; filename="${fallback}"; filename*=UTF-8''${extended(fileName)}`;
}

/** `ext-value`: everything but `attr-char` (RFC 8187 section 3.2.1) as percent-encoded UTF-8; lone surrogates become U+FFFD. */
function extended(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
