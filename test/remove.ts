// Removing folders that a product was running in. Role: the options for `rm` and `rmSync`. Limits: waits 20 s at most.

/**
 * A product that is killed leaves its trainer process behind for a moment, until that finds the engine gone; a file it
 * makes meanwhile must not fail the test that is over (`ENOTEMPTY`).
 */
export const REMOVE = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 } as const;
