// A strict reader of small XML documents: what is not well-formed throws.
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  /** Text directly inside, decoded. */
  text: string;
}

const NAME = '[A-Za-z_:][\\w:.-]*';
const ATTRIBUTE = new RegExp(`\\s+(${NAME})="([^"<]*)"`, 'y');
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The production Char of XML 1.0. */
export function fitsXml(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

function decoded(raw: string): string {
  if (![...raw].every(fitsXml)) throw new Error('a character XML cannot hold');
  return raw.replace(/&([^;]*;)?/g, (whole, reference?: string) => {
    const number = /^#(\d+);$/.exec(reference ?? '');
    const char = number ? String.fromCodePoint(Number(number[1])) : NAMED[(reference ?? '').slice(0, -1)];
    if (char === undefined) throw new Error(`no entity: ${whole}`);
    return char;
  });
}

function startTag(source: string): Pick<Element, 'name' | 'attributes'> {
  const name = new RegExp(`^${NAME}`).exec(source)?.[0];
  if (!name) throw new Error(`no name: ${source}`);
  const attributes: Record<string, string> = {};
  let at = name.length;
  while (source.slice(at).trim() !== '') {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(source);
    if (!found || found[1] in attributes) throw new Error(`bad attribute: ${source}`);
    attributes[found[1]] = decoded(found[2]);
    at = ATTRIBUTE.lastIndex;
  }
  return { name, attributes };
}

/** The root element. */
export function parseXml(document: string): Element {
  const source = document.replace(/^<\?xml version="1\.0" encoding="utf-8"\?>\n/i, '');
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let at = 0;
  while (at < source.length) {
    const inside = open[open.length - 1];
    const next = source.indexOf('<', at);
    inside.text += decoded(source.slice(at, next < 0 ? source.length : next));
    if (next < 0) break;
    const end = source.indexOf('>', next);
    if (end < 0) throw new Error('a tag never ends');
    const tag = source.slice(next + 1, end);
    if (tag.startsWith('/')) {
      if (open.length < 2 || inside.name !== tag.slice(1)) throw new Error(`closes what is not open: ${tag}`);
      open.pop();
    } else {
      const element = { ...startTag(tag.replace(/\/$/, '')), children: [], text: '' };
      inside.children.push(element);
      if (!tag.endsWith('/')) open.push(element);
    }
    at = end + 1;
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== '')
    throw new Error('not one element');
  return root.children[0];
}

/** Elements of a name anywhere below. */
export function all(element: Element, name: string): Element[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}
