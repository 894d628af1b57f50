// A fixed random number from −1 to 1 for each whole number: that of Python's `scattered`.
export function scattered(number) {
  let x = Math.imul(number + 1, 2654435761) >>> 0;
  x ^= x >>> 15;
  x = Math.imul(x, 2246822519) >>> 0;
  x = (x ^ (x >>> 13)) >>> 0;
  return x / 2 ** 31 - 1;
}
