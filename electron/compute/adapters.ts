// Which graphics adapter WebGPU would run on. ONNX Runtime does not say, so the system is asked.
// Role: tells real adapters from software ones (SwiftShader, lavapipe). Limits: looks closely on Linux only; Windows and
// macOS always bring a real driver for a real adapter.
import { execFileSync } from 'node:child_process';
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
  /** Bytes, where the driver tells it. */
  memoryBytes: number | null;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return []; // no such folder: nothing of that kind is installed
  }
}

/** Memory of the largest graphics card: AMD's driver has a file, NVIDIA's a program. */
function adapterMemory(): number | null {
  const sizes: number[] = [];
  for (const card of list('/sys/class/drm')) {
    try {
      sizes.push(Number(readFileSync(join(card, 'device/mem_info_vram_total'), 'utf8')));
    } catch {
      // Not a card, or one of another maker.
    }
  }
  try {
    const query = ['--query-gpu=memory.total', '--format=csv,noheader,nounits'];
    const told = execFileSync('nvidia-smi', query, { encoding: 'utf8', timeout: 5000, stdio: 'pipe' });
    for (const line of told.trim().split('\n')) sizes.push(Number(line) * 2 ** 20);
  } catch {
    // No such program, or no card that answers.
  }
  const known = sizes.filter((size) => size > 0);
  return known.length > 0 ? Math.max(...known) : null;
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
  return { manifests, nodes, model, memoryBytes: nodes.length > 0 ? adapterMemory() : null };
}

/** The name of the software renderer that Vulkan would use on Linux, or null when a real adapter is there. */
export function softwareAdapter({ manifests, nodes }: AdapterFacts): string | null {
  const software = manifests.filter((path) => /lvp|swrast|swiftshader/i.test(path));
  if (software.length === 0) return null;
  if (nodes.length > 0 && software.length < manifests.length) return null;
  return software.some((path) => /swiftshader/i.test(path)) ? 'SwiftShader' : 'lavapipe';
}
