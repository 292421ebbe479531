/** A file as text: what the tests' bundler makes of the suffix. */
declare module "*?raw" {
  const text: string;
  export default text;
}
