/** Signs that change the order of what stands beside them, or that nobody sees: a name may use them to deceive. */
const unseen = /[\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/gu;

/** A name as it can be shown safely: `invoice⟨202E⟩fdp.exe` does not look like `invoiceexe.pdf`. */
export function visibleName(name: string): string {
  return name.replaceAll(unseen, (sign) => `⟨${sign.codePointAt(0)?.toString(16).toUpperCase()}⟩`);
}
