// Memory and instances for assembled modules. Role: the only place that touches the WebAssembly API.
// Limits: the little of that API that is used here is declared here, because the Node types leave it out.
import { AppError } from '../../../shared/errors.ts';

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}
declare const WebAssembly: {
  Memory: new (descriptor: { initial: number }) => WasmMemory;
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (
    module: object,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: Record<string, (...args: number[]) => void> };
};

const PAGE = 65_536;
/** Free bytes before the first block, so that reading just before a row never wraps around address 0. */
const FIRST = 1024;

/** Fixed memory from which blocks are taken and never given back; views into it stay valid. */
export interface Arena {
  readonly memory: WasmMemory;
  /** Address of a zeroed block of `bytes` bytes, a multiple of 16. */
  allocate(bytes: number): number;
}

/** @param bytes of all blocks together, each rounded up to 16 */
export function createArena(bytes: number): Arena {
  const memory = new WebAssembly.Memory({ initial: Math.ceil((FIRST + bytes) / PAGE) });
  let next = FIRST;
  return {
    memory,
    allocate(size) {
      const address = next;
      next += Math.ceil(size / 16) * 16;
      if (next > memory.buffer.byteLength)
        throw new AppError('internal', `Arena of ${bytes} bytes is too small.`);
      return address;
    },
  };
}

/** The functions of an assembled module over the memory of an arena. @throws AppError `unavailable` without SIMD */
export function instantiate<Name extends string>(
  bytes: Uint8Array<ArrayBuffer>,
  arena: Arena,
): Record<Name, (...args: number[]) => void> {
  try {
    const module = new WebAssembly.Module(bytes);
    return new WebAssembly.Instance(module, { env: { memory: arena.memory } }).exports as Record<
      Name,
      (...args: number[]) => void
    >;
  } catch (error) {
    throw new AppError(
      'unavailable',
      'This processor cannot run 128-bit SIMD in WebAssembly, which motion features need. Extract the features on another computer, or import ready feature files.',
      undefined,
      error,
    );
  }
}
