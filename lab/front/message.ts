/** A value that JSON can carry. */
export type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** One request as the lab's services see it, its body read and bounded. */
export interface LabRequest {
  readonly method: string;
  /** Without query, percent-decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** `https://localhost:PORT`: what absolute links in answers begin with. */
  readonly origin: string;
  /** Aborts when the client goes away or the lab closes. */
  readonly signal: AbortSignal;
}

export interface LabResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: JsonObject | string;
}

/** One of the services behind the front door. */
export type Service = (request: LabRequest) => Promise<LabResponse>;

export const json = (
  status: number,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): LabResponse => ({ status, body, headers });

export const html = (status: number, body: string): LabResponse => ({
  status,
  body,
  headers: { 'content-type': 'text/html; charset=utf-8' },
});

export const redirect = (location: string): LabResponse => ({ status: 302, headers: { location } });

/** True for a JSON object, as opposed to an array, a scalar or nothing. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
