// Features of one video, wherever they are kept. Role: the shapes that loading, scaling, aggregation and methods share.
// Limits: stored.ts knows files; here is what a file of features can be asked for.

/** Shape of the features of one video, and whose they are. */
export interface FeatureShape {
  videoId: number;
  segments: number;
  crops: number;
  dim: number;
}

/** Features in memory: float32 `[segments, crops, dim]`, C order. */
export interface VideoFeatures extends FeatureShape {
  data: Float32Array;
}

/** Numbers that stay on the disk until they are asked for. */
export interface FeatureFile {
  /** Bytes that whoever reads from this set may hold of it at a time. */
  readonly budget: number;
  /** Bytes of one number in the file: 4, or 2 for half floats. */
  readonly itemBytes: number;
  /**
   * Fills `target` with the numbers from number `at` on, counted over `[segments, crops, dim]`. Both ends of what is
   * read lie between vectors. @throws AppError naming the file when it cannot be read (any more).
   */
  read(at: number, target: Float32Array): void;
  /**
   * Writes numbers that were made from these into a file of the set's own, so that they need no memory; it is gone when
   * the set is closed. @throws a system error when the disk is full.
   */
  keep(data: Float32Array): FeatureFile;
}

/** Features that stay in their file. Segments may be counted in any unit that is a whole number of vectors. */
export interface StoredVideo extends FeatureShape {
  file: FeatureFile;
}

export type FeatureVideo = VideoFeatures | StoredVideo;
