// Text inside XML. Role: escaping for elements and attributes alike. Limits: documents are written as fixed templates by
// the formats themselves.

/** What XML 1.0 cannot hold in any way: most control characters, half surrogates and two code points. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Safe in an element and in an attribute; what XML cannot hold becomes U+FFFD. */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"'\t\n\r]/g, (char) => ENTITIES[char]);
}

/** A sentence that names the texts XML cannot hold as they are, or none. */
export function xmlNotes(texts: readonly string[], tool: string): string[] {
  const lost = texts.filter((text) => text.search(FORBIDDEN) >= 0);
  if (lost.length === 0) return [];
  const names = lost.map((text) => text.replace(FORBIDDEN, '\ufffd')).join(', ');
  return [`${tool}: characters that XML cannot hold are replaced in the names of: ${names}.`];
}
