// Features computed elsewhere: .npy arrays and text tables, brought to our shape. Role: bytes of one file in, checked
// float32 `[segments, crops, dim]` out. Limits: no file system and no matching to videos.
import { AppError } from '../../shared/errors.ts';
import { readNpy } from '../formats/npy.ts';
import { requireFinite } from './load.ts';

export interface ReadyFeatures {
  segments: number;
  crops: number;
  dim: number;
  data: Float32Array;
  /** The file holds half floats, so that storing them as such loses nothing. */
  float16: boolean;
}

/**
 * Reads a feature file by its extension: `.npy` with (T, D) or (T, crops, D) floats, or text with one row of numbers
 * per segment, separated by blanks or commas (as the C3D features published with UCF-Crime).
 * @param name how errors call the file
 * @throws AppError `unsupported` for other shapes, element types and object arrays; `damaged` for truncated files,
 *   ragged rows, words, NaN, infinity, or values beyond float32
 */
export function readReadyFeatures(bytes: Uint8Array, name: string): ReadyFeatures {
  const features = /\.txt$/i.test(name) ? fromText(bytes, name) : fromNpy(bytes, name);
  if (features.data.length === 0) {
    throw new AppError('damaged', `${name} is empty: it holds no numbers. Extract the features again.`, {
      file: name,
    });
  }
  requireFinite(features.data, features.crops * features.dim, name);
  return features;
}

function fromNpy(bytes: Uint8Array, name: string): ReadyFeatures {
  const { shape, dtype, data } = readNpy(bytes, name);
  if (dtype !== 'f2' && dtype !== 'f4' && dtype !== 'f8') {
    throw new AppError(
      'unsupported',
      `${name} holds elements of type ${dtype}; features are floats. Save it with numpy.save(path, array.astype('float32')).`,
      { file: name, dtype },
    );
  }
  if (shape.length !== 2 && shape.length !== 3) {
    throw new AppError(
      'unsupported',
      `${name} has shape (${shape.join(', ')}); features of a video have shape (segments, dimension) or (segments, crops, dimension).`,
      { file: name, shape },
    );
  }
  const [segments, crops, dim] = shape.length === 2 ? [shape[0], 1, shape[1]] : shape;
  return {
    segments,
    crops,
    dim,
    data: data instanceof Float32Array ? data : Float32Array.from(data),
    float16: dtype === 'f2',
  };
}

function fromText(bytes: Uint8Array, name: string): ReadyFeatures {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1].trim() === '') lines.pop();
  let dim = 0;
  const rows = lines.map((line, i) => {
    const words = line.trim().split(/[\s,]+/);
    dim ||= words.length;
    if (words.length !== dim) {
      throw new AppError(
        'damaged',
        `${name}, line ${i + 1}: ${words.length} numbers where the first line has ${dim}. The file may be cut short; get it again.`,
        { file: name, line: i + 1 },
      );
    }
    return Float32Array.from(words, (word) => {
      const value = Number(word);
      if (word !== '' && (Number.isFinite(value) || /^[+-]?(nan|inf(inity)?)$/i.test(word))) return value;
      throw new AppError('damaged', `${name}, line ${i + 1}: "${word.slice(0, 40)}" is not a number.`, {
        file: name,
        line: i + 1,
      });
    });
  });
  const data = new Float32Array(rows.length * dim);
  for (const [i, row] of rows.entries()) data.set(row, i * dim);
  return { segments: rows.length, crops: 1, dim, data, float16: false };
}
