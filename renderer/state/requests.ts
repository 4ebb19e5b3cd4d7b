// What this window asked for and what its policy refused, counted by the browser itself. Role: begins when the page does.
// Limits: of this window since it was loaded; WebSockets and the page's own document are not in the browser's list.
import { create } from 'zustand';

export interface WindowRequests {
  /** Requests by origin, since the page was loaded. */
  byOrigin: Readonly<Record<string, number>>;
  /** Addresses that the Content-Security-Policy refused. */
  refused: readonly string[];
}

export const useRequests = create<WindowRequests>()(() => ({ byOrigin: {}, refused: [] }));

const MOST = 100;

const originOf = (url: string): string => {
  const at = URL.parse(url);
  // A scheme of our own has no origin of its own in `URL`.
  return at ? `${at.protocol}//${at.host}` : url;
};

/** Begins to count. */
export function watchRequests(): void {
  new PerformanceObserver((list) => {
    const counts = { ...useRequests.getState().byOrigin };
    for (const { name } of list.getEntries()) {
      const origin = originOf(name);
      counts[origin] = (counts[origin] ?? 0) + 1;
    }
    useRequests.setState({ byOrigin: counts });
  }).observe({ type: 'resource', buffered: true });
  document.addEventListener('securitypolicyviolation', ({ blockedURI }) => {
    const { refused } = useRequests.getState();
    // `eval` and `inline` are no addresses: they are refused, too, but ask for nothing.
    if (URL.canParse(blockedURI) && refused.length < MOST)
      useRequests.setState({ refused: [...refused, blockedURI] });
  });
}
