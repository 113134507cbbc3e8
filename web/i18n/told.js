/** An error that says what is wrong in the reader's own language. */
export class ToldError extends Error {}
