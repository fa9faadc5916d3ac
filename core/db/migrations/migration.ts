/** One change of the schema. Run once, in order, inside a transaction; never edited after it was released. */
export interface Migration {
  /** Starts at 1, grows by one. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
