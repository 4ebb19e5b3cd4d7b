// The project of a page whose engine went away. Role: opens it again in an engine that came back without one, so that the
// page stays where it is. Limits: what cannot be opened stays closed; Home says why when a person tries.
import type { Project } from '../../shared/contract/index.ts';
import type { PageClient } from '../platform/client.ts';

/** To be called once the engine answers again; never throws. @param shown the project that the page has on the screen */
export async function reopenProject(
  client: Pick<PageClient, 'call'>,
  shown: Project | null | undefined,
): Promise<void> {
  if (!shown) return;
  try {
    if ((await client.call('projects.current', {})) !== null) return;
    const recent = await client.call('projects.recent', {});
    const same = recent.find(({ folder, missing }) => folder === shown.folder && !missing);
    if (same) await client.call('projects.openRecent', { key: same.key });
  } catch {
    // Asked anew, the page says that no project is open; opening it from Home tells the reason.
  }
}
