/** What one file service bears. It stands in a network where anybody may knock. */
export interface FileServerLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Requests at work at once; more are told to come again. */
  readonly requestsAtOnce: number;
  /** Requests in a second, over some seconds. */
  readonly requestsPerSecond: number;
  /** Refused tokens of one address in a minute; then its connections are closed for a minute. */
  readonly refusalsPerMinute: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** For the TLS handshake, and for the head of a request. */
  readonly headMs: number;
  /** For a whole request with its body. */
  readonly requestMs: number;
  /** A connection without a request. */
  readonly keepAliveMs: number;
  /** A reader who takes nothing for so long is gone. */
  readonly stalledMs: number;
}

export const defaultFileServerLimits: FileServerLimits = {
  connections: 128,
  connectionsPerAddress: 48,
  requestsAtOnce: 32,
  requestsPerSecond: 200,
  refusalsPerMinute: 30,
  // A path may have 65,536 characters, three bytes each once they are percent-encoded.
  headerBytes: 256 * 1024,
  bodyBytes: 16 * 1024 * 1024,
  headMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 60_000,
  stalledMs: 120_000,
};
