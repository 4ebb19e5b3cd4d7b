// How much memory this process has had at most. Role: the system's own count. Limits: of graphics memory nothing is known.
import { readFileSync } from 'node:fs';

const KIB = 1024;

/** Bytes. Linux counts a process from its parent's memory on unless asked for this program alone. */
export function peakMemory(): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (found) return Number(found[1]) * KIB;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * KIB;
}
