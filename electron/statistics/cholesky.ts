// Cholesky factor of a small covariance matrix, and what a Gaussian needs of it.

/**
 * Lower triangle L of A = L L^T, row by row, `[D, D]`.
 * @param matrix symmetric, `[D, D]`.
 * @returns null when the matrix is not positive definite.
 */
export function cholesky(matrix: Float64Array, dim: number): Float64Array | null {
  const lower = new Float64Array(dim * dim);
  for (let row = 0; row < dim; row++) {
    for (let col = 0; col <= row; col++) {
      let value = matrix[row * dim + col];
      for (let k = 0; k < col; k++) value -= lower[row * dim + k] * lower[col * dim + k];
      if (row !== col) lower[row * dim + col] = value / lower[col * dim + col];
      else if (value > 0) lower[row * dim + row] = Math.sqrt(value);
      else return null;
    }
  }
  return lower;
}

/** x^T A^-1 x, by forward substitution. @param x `[D]`, overwritten. */
export function mahalanobis(lower: Float64Array, x: Float64Array): number {
  const dim = x.length;
  let sum = 0;
  for (let row = 0; row < dim; row++) {
    for (let k = 0; k < row; k++) x[row] -= lower[row * dim + k] * x[k];
    x[row] /= lower[row * dim + row];
    sum += x[row] * x[row];
  }
  return sum;
}
