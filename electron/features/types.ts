// Features of one video in memory. Role: the shape that loading, scaling, aggregation and methods share.

/** Float32 `[segments, crops, dim]`, C order. */
export interface VideoFeatures {
  videoId: number;
  segments: number;
  crops: number;
  dim: number;
  data: Float32Array;
}
