// F6: from region to region. Regions are elements with `data-region`, in document order.

/** Which region comes `step` after `current`, around the end; -1 for none gives the first or last. */
export function regionAfter(current: number, step: 1 | -1, count: number): number {
  if (current < 0) return step > 0 ? 0 : count - 1;
  return (current + step + count) % count;
}

/** Moves focus to the next region: to its first control, or to the region itself. */
export function nextRegion(root: HTMLElement | null, step: 1 | -1): void {
  const regions = [...(root?.querySelectorAll<HTMLElement>('[data-region]') ?? [])].filter(
    (r) => r.offsetParent !== null,
  );
  if (regions.length === 0) return;
  const current = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = regions[regionAfter(current, step, regions.length)];
  const control = next.querySelector<HTMLElement>(
    'a[href], button:not([disabled]), input:not([disabled]), [tabindex="0"], [role="row"][tabindex]',
  );
  if (!control) next.tabIndex = -1;
  (control ?? next).focus();
}
