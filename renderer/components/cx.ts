// Joining class names. Role: one function. Limits: strings only.
/** Class names joined; false and undefined are left out. */
export const cx = (...names: (string | false | null | undefined)[]): string =>
  names.filter(Boolean).join(' ');
