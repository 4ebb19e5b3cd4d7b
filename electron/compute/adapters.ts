// Which graphics adapter WebGPU would run on. ONNX Runtime does not say, so the system is asked.
// Role: tells real adapters from software ones (SwiftShader, lavapipe). Limits: looks closely on Linux only; Windows and
// macOS always bring a real driver for a real adapter.
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface AdapterFacts {
  /** Paths of the Vulkan driver manifests that the loader would read. */
  manifests: string[];
  /** Device nodes of graphics hardware. */
  nodes: string[];
  /** Model name, where the driver tells it. */
  model: string | null;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return []; // no such folder: nothing of that kind is installed
  }
}

/** Asks a Linux system; on others there is nothing to find. */
export function adapterFacts(environment: NodeJS.ProcessEnv = process.env): AdapterFacts {
  const named = environment.VK_DRIVER_FILES ?? environment.VK_ICD_FILENAMES;
  const folders = ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
  folders.push(join(homedir(), '.local/share/vulkan/icd.d'));
  const manifests = named ? named.split(':') : folders.flatMap(list).filter((path) => path.endsWith('.json'));
  const nodes = [...list('/dev/dri'), ...list('/dev')].filter((path) =>
    /\/(renderD\d+|nvidia\d+|dxg)$/.test(path),
  );
  let model: string | null = null;
  for (const gpu of list('/proc/driver/nvidia/gpus')) {
    try {
      model ??= /^Model:\s*(.+)$/m.exec(readFileSync(join(gpu, 'information'), 'utf8'))?.[1] ?? null;
    } catch {
      // The driver lists a card without describing it: the device then has no name.
    }
  }
  return { manifests, nodes, model };
}

/** The name of the software renderer that Vulkan would use on Linux, or null when a real adapter is there. */
export function softwareAdapter({ manifests, nodes }: AdapterFacts): string | null {
  const software = manifests.filter((path) => /lvp|swrast|swiftshader/i.test(path));
  if (software.length === 0) return null;
  if (nodes.length > 0 && software.length < manifests.length) return null;
  return software.some((path) => /swiftshader/i.test(path)) ? 'SwiftShader' : 'lavapipe';
}
