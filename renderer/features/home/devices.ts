// Devices as a list for people; no React.
import type { Device } from '../../../shared/contract/index.ts';

/** The chosen one first, then the usable, then the rest. */
export function inOrder(devices: readonly Device[]): Device[] {
  const rank = (device: Device) => (device.chosen ? 0 : device.usable ? 1 : 2);
  return devices.toSorted((a, b) => rank(a) - rank(b));
}
