// Addresses of sockets. Role: does an address mean this machine alone? Limits: names are not looked up, that would be a request.
import type { SocketSeen } from '../../shared/contract/privacy.ts';

/** `127.0.0.1:80`, `[::1]:80`. */
export const endpoint = (host: string, port: number | string): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** The address or name of `127.0.0.1:80`, `[::1]:80` or `::1`. */
export function hostOf(text: string): string {
  const bracket = /^\[(.+)\](?::\d+)?$/.exec(text);
  if (bracket) return bracket[1];
  return text.split(':').length === 2 ? text.slice(0, text.indexOf(':')) : text;
}

/** 127.0.0.0/8, ::1, these inside IPv6, and `localhost`. */
export function isLoopback(host: string): boolean {
  const plain = host.toLowerCase().replace(/^::ffff:/, '');
  return plain === 'localhost' || plain === '::1' || /^127(\.\d{1,3}){3}$/.test(plain);
}

/** What listens on all addresses, or may still send anywhere, counts as open to the outside. */
export function scopeOf({ local, remote }: Pick<SocketSeen, 'local' | 'remote'>): SocketSeen['scope'] {
  const decisive = remote ?? local;
  return decisive !== null && isLoopback(hostOf(decisive)) ? 'loopback' : 'outside';
}
