/** How long things may take, in milliseconds. */
export interface Limits {
  /** Until a server has accepted a connection for a tunnel. */
  readonly connect: number;
  /** Until a server has begun to answer, from the beginning of the request. */
  readonly answer: number;
  /** Between two pieces of a body, or of what goes through a tunnel. */
  readonly idle: number;
}
