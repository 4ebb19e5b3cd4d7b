// The one way a process is started. The engine never forks by itself: its host hands it a `Spawn`.
// Role: the interface. Limits: no implementation; see electron/hosts/fork.ts (Node) and electron/main/supervise.ts (utilityProcess).

export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

export interface Child {
  port: Port;
  kill(): void;
  /** Resolves when the process is gone; `reason` says how in plain words. Never rejects. */
  exited: Promise<{ code: number | null; reason: string }>;
}

/** Starts a built entry (`trainer`) in a process of its own. */
export type Spawn = (entry: 'trainer') => Child;
