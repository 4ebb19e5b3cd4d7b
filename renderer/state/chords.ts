// What a key press is called. Role: from an event to chords such as `ctrl+i`, on any keyboard: Option types signs on
// macOS, AltGr on Windows and Linux, AZERTY has its digits on Shift, and other scripts have no Latin letters at all.
// Limits: names only; who binds them is state/keys.ts.

/** What is read of a KeyboardEvent. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> & {
  getModifierState?(name: string): boolean;
};

export interface Keyboard {
  /** On macOS Option types signs: it is no modifier that leaves a key what it is. */
  mac: boolean;
  /** What each key types by itself, by code; empty where the browser does not say. */
  plain: ReadonlyMap<string, string>;
}

/** The signs of a US keyboard by code, without and with Shift. */
const SIGNS: Record<string, string> = {
  Backquote: '`~',
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: '\'"',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  ...Object.fromEntries([...')!@#$%^&*('].map((sign, digit) => [`Digit${digit}`, `${digit}${sign}`])),
};

/** What a US keyboard types at a place: `KeyA` is `a`, `BracketLeft` with Shift is `{`; null for other keys. */
function usKey(code: string, shift: boolean): string | null {
  if (/^Key[A-Z]$/.test(code)) return code[3].toLowerCase();
  return SIGNS[code]?.[shift ? 1 : 0] ?? null;
}

const isAscii = (key: string): boolean => /^[!-~]$/.test(key);
const isLatin = (key: string): boolean => /^\p{Script=Latin}$/u.test(key);

/** Whether Option or AltGr made a sign of this press, as one types text. */
export const typesSign = (press: KeyPress, { mac }: Keyboard): boolean =>
  (press.key.length === 1 || press.key === 'Dead') &&
  (mac ? press.altKey && !press.ctrlKey && !press.metaKey : (press.getModifierState?.('AltGraph') ?? false));

/**
 * The chords that a press may mean, likeliest first. A printed sign counts as it is, whatever has to be held for it;
 * where a modifier hides what is printed on the key, its place on the keyboard counts.
 */
export function chordsOfPress(press: KeyPress, keyboard: Keyboard): string[] {
  const { code, altKey, shiftKey } = press;
  const key = press.key === ' ' || code === 'Space' ? 'space' : press.key.toLowerCase();
  const ctrl = press.ctrlKey || press.metaKey;
  const spell = (name: string, alt = altKey): string => {
    const isSign = name.length === 1 && !/[a-z0-9]/.test(name); // `?` already holds its shift
    const ofDigit = /^\d$/.test(name) && code.startsWith('Digit'); // a digit with Shift: the keyboard has it there
    return `${ctrl ? 'ctrl+' : ''}${alt ? 'alt+' : ''}${shiftKey && !isSign && !ofDigit ? 'shift+' : ''}${name}`;
  };
  const us = usKey(code, shiftKey);
  const atPlace = us === null ? [] : [spell(us)];
  if (key === 'space' || (key.length > 1 && key !== 'dead')) return [spell(key)];

  if (typesSign(press, keyboard)) {
    if (!keyboard.mac) return [key];
    const own = keyboard.plain.get(code)?.toLowerCase() ?? usKey(code, false) ?? key;
    if (key !== own && key !== us && isAscii(key)) return unique([key, spell(own)]); // `[` is Option 5 in Germany
    return unique([spell(shiftKey && own === usKey(code, false) && us !== null ? us : own), ...atPlace]);
  }
  const hidden = altKey && code in SIGNS; // `ü` is where `[` would be, and nothing else types it with Alt
  const otherScript = key.length === 1 && !isAscii(key) && !isLatin(key) && /\p{L}/u.test(key);
  const digitRow = code.startsWith('Digit') && !shiftKey; // AZERTY types `&` where 1 is printed
  return hidden || otherScript || digitRow ? unique([spell(key), ...atPlace]) : [spell(key)];
}

/** The chord to remember for a press: `ctrl+i`, `shift+f6`, `?`. Modifiers in the order ctrl, alt, shift; Cmd counts as ctrl. */
export const chordOf = (press: KeyPress, keyboard: Keyboard): string => chordsOfPress(press, keyboard)[0];

const unique = (chords: readonly string[]): string[] => [...new Set(chords)];

let current: Keyboard = { mac: false, plain: new Map() };
export const thisKeyboard = (): Keyboard => current;

/** What Chromium tells of the keyboard's layout; not in TypeScript's library. */
interface LayoutSource {
  getLayoutMap(): Promise<Iterable<[string, string]>>;
}

/** Reads which keyboard this is, now and whenever the window comes back: layouts are switched elsewhere. */
export function followKeyboard(): void {
  const mac = /mac/i.test(navigator.platform);
  current = { mac, plain: current.plain };
  const source = (navigator as { keyboard?: LayoutSource }).keyboard;
  const read = () =>
    source?.getLayoutMap().then(
      (map) => {
        current = { mac, plain: new Map(map) };
      },
      () => {}, // a page that may not know goes by the US places
    );
  read();
  window.addEventListener('focus', read);
}
