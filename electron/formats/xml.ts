// XML in and out. Role: escaping for elements and attributes alike, and a small reader that keeps line numbers. Limits:
// documents are written as fixed templates by the formats themselves; the reader refuses document type declarations, so
// that no entity can grow or reach out, and namespaces are part of the names.
import { AppError } from '../../shared/errors.ts';

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

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** Text directly inside, decoded, as it stands. */
  text: string;
  /** Line of its start tag, from 1. */
  line: number;
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Elements inside one another; deeper documents are no annotations. */
const DEPTH = 200;
const TAG = /([^\s/>=]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Reads a document into elements: comments and processing instructions are passed over, CDATA counts as text.
 * @throws AppError `damaged` naming file and line for what is not well-formed; `unsupported` for a `<!DOCTYPE`.
 */
export function parseXml(file: string, source: string): XmlElement {
  let at = source.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  const broken = (sentence: string): AppError =>
    new AppError('damaged', `${file}, line ${line}: ${sentence}. Check that the file is complete.`, {
      file,
      line,
    });
  const pass = (to: number): string => {
    const part = source.slice(at, to);
    for (let i = part.indexOf('\n'); i >= 0; i = part.indexOf('\n', i + 1)) line++;
    at = to;
    return part;
  };
  const passBehind = (mark: string, what: string): string => {
    const end = source.indexOf(mark, at);
    if (end < 0) throw broken(`${what} never ends`);
    return pass(end + mark.length);
  };
  const decoded = (raw: string): string =>
    raw.replace(/&([^;&]{0,12});?/g, (whole, reference: string) => {
      const [, hex, digits] = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(reference) ?? [];
      const code = hex ? Number.parseInt(hex, 16) : digits ? Number(digits) : null;
      const char =
        code !== null && code <= 0x10ffff ? String.fromCodePoint(code) : (NAMED[reference] ?? null);
      if (char === null || !whole.endsWith(';')) throw broken(`"${whole}" is no character of XML`);
      return char;
    });
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '', line: 1 };
  const open = [root];
  while (at < source.length) {
    const inside = open[open.length - 1];
    const next = source.indexOf('<', at);
    inside.text += decoded(pass(next < 0 ? source.length : next));
    if (next < 0) break;
    if (source.startsWith('<!--', at)) passBehind('-->', 'a comment');
    else if (source.startsWith('<?', at)) passBehind('?>', 'an instruction');
    else if (source.startsWith('<![CDATA[', at))
      inside.text += passBehind(']]>', 'a CDATA section').slice('<![CDATA['.length, -3);
    else if (source.startsWith('<!', at)) {
      throw new AppError(
        'unsupported',
        `${file}, line ${line}: document type declarations are not read, because they can reach outside of the file. Remove it.`,
        { file, line },
      );
    } else if (source.startsWith('</', at)) {
      const name = passBehind('>', 'a tag').slice(2, -1).trim();
      if (open.length < 2 || inside.name !== name) throw broken(`</${name}> closes what is not open`);
      open.pop();
    } else {
      TAG.lastIndex = at + 1;
      const tag = TAG.exec(source);
      if (!tag) throw broken('a tag cannot be read');
      const [, name, raw, closed] = tag;
      const element: XmlElement = { name, attributes: {}, children: [], text: '', line };
      for (const [, key, double, single] of raw.matchAll(ATTRIBUTE)) {
        if (Object.hasOwn(element.attributes, key)) throw broken(`<${name}> has ${key} twice`);
        element.attributes[key] = decoded(double ?? single ?? '');
      }
      pass(TAG.lastIndex);
      inside.children.push(element);
      if (closed === '') open.push(element);
      if (open.length > DEPTH) throw broken(`elements lie more than ${DEPTH} deep in one another`);
    }
  }
  if (open.length > 1) throw broken(`<${open[open.length - 1].name}> is never closed`);
  if (root.children.length !== 1 || root.text.trim() !== '') throw broken('this is not one XML document');
  return root.children[0];
}

/** Direct children of a name. */
export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name);

/** The first element at a path of names, or null. */
export function childAt(element: XmlElement, ...names: string[]): XmlElement | null {
  return names.reduce<XmlElement | null>(
    (inside, name) => (inside ? (childrenOf(inside, name)[0] ?? null) : null),
    element,
  );
}
