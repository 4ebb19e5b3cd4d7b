// Variables of ONNX Runtime: the tensors that steps read and replace.
// Role: keeps them, on the host or on the device, and releases what is on the device. Limits: how values come back from a
// device is the caller's (download.ts).
import type { Tensor } from 'onnxruntime-node';
import type { Values, Variables } from '../../device.ts';
import { checkedValues } from '../check.ts';
import type { Runtime } from './sessions.ts';

/**
 * Variables of ONNX Runtime, on the host or on the device. A step reads the current tensor and returns another one. Host
 * buffers are not handed in to be filled: the binding would fill them and return a copy all the same.
 */
export class OrtVariables implements Variables {
  readonly specs: Record<string, { shape: number[] }> = {};
  readonly slots = new Map<string, Tensor>();
  readonly #releases: Array<() => Promise<void>> = [];
  readonly #runtime: Runtime;
  readonly #download: (variables: OrtVariables) => Promise<Record<string, Float32Array>>;

  constructor(
    runtime: Runtime,
    initial: Record<string, Values>,
    download: (variables: OrtVariables) => Promise<Record<string, Float32Array>>,
  ) {
    this.#runtime = runtime;
    this.#download = download;
    for (const [name, { shape, data }] of Object.entries(initial)) {
      this.specs[name] = { shape };
      checkedValues(this.specs, name, data);
      this.slots.set(name, this.#slot(shape, data));
    }
  }

  #slot(shape: number[], data: Float32Array): Tensor {
    return new this.#runtime.Tensor('float32', data.slice(), shape);
  }

  /** Takes over what a session returned for a variable. */
  update(name: string, returned: Tensor): void {
    const old = this.slots.get(name)!;
    this.slots.set(name, returned);
    if (old.location === 'gpu-buffer') old.dispose();
  }

  async read(): Promise<Record<string, Float32Array>> {
    const values: Record<string, Float32Array> = {};
    const remote = [...this.slots.values()].some((current) => current.location !== 'cpu');
    const downloaded = remote ? await this.#download(this) : {};
    for (const [name, current] of this.slots) {
      values[name] = current.location === 'cpu' ? (current.data as Float32Array).slice() : downloaded[name]!;
    }
    return values;
  }

  write(values: Record<string, Float32Array>): void {
    for (const [name, data] of Object.entries(values)) {
      checkedValues(this.specs, name, data);
      const current = this.slots.get(name)!;
      if (current.location === 'cpu') {
        (current.data as Float32Array).set(data);
      } else {
        current.dispose();
        this.slots.set(name, this.#slot(this.specs[name]!.shape, data));
      }
    }
  }

  /** Runs when the values are gone: buffers on a device must not outlive the session that made them. */
  afterDispose(release: () => Promise<void>): void {
    this.#releases.push(release);
  }

  async dispose(): Promise<void> {
    for (const current of this.slots.values()) if (current.location === 'gpu-buffer') current.dispose();
    this.slots.clear();
    for (const release of this.#releases.splice(0)) await release();
  }
}
