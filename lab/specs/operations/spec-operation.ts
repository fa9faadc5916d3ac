/** One operation the lab answers to, in the terms of Microsoft's specification. */
export interface SpecOperation {
  readonly id: string;
  readonly method: 'get' | 'put' | 'patch' | 'post' | 'delete' | 'head';
  readonly path: string;
  readonly query?: readonly string[];
  /** Model of the request body. */
  readonly body?: string;
  /** Status -> model of the answer; null for none. */
  readonly responses: Readonly<Record<number, string | null>>;
  readonly longRunning?: boolean;
  readonly pageable?: boolean;
}

export interface SpecFile {
  /** `compute-disk.json` */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** SDK package whose models the shapes come from. */
  readonly sdk: string;
  readonly operations: readonly SpecOperation[];
  /** Models that are only mentioned, not used. */
  readonly opaque: readonly string[];
}

export const subscription = '/subscriptions/{subscriptionId}';
export const group = `${subscription}/resourceGroups/{resourceGroupName}`;

interface TrackedType {
  readonly tag: string;
  readonly type: string;
  readonly parameter: string;
  readonly model: string;
  readonly list: string;
  readonly patch: string;
  readonly put: Readonly<Record<number, string>>;
  readonly patchResponses?: Readonly<Record<number, string>>;
  readonly patchId?: string;
  readonly delete?: Readonly<Record<number, null>>;
  readonly listQuery?: readonly string[];
  readonly getQuery?: readonly string[];
  readonly listAllId?: string;
}

/** The six operations every tracked type has. */
export function tracked(t: TrackedType): readonly SpecOperation[] {
  const one = `${group}/providers/${t.type}/{${t.parameter}}`;
  const query = t.listQuery ?? [];
  return [
    {
      id: `${t.tag}_${t.listAllId ?? 'List'}`,
      method: 'get',
      path: `${subscription}/providers/${t.type}`,
      query,
      responses: { 200: t.list },
      pageable: true,
    },
    {
      id: `${t.tag}_ListByResourceGroup`,
      method: 'get',
      path: `${group}/providers/${t.type}`,
      query,
      responses: { 200: t.list },
      pageable: true,
    },
    { id: `${t.tag}_Get`, method: 'get', path: one, query: t.getQuery ?? [], responses: { 200: t.model } },
    {
      id: `${t.tag}_CreateOrUpdate`,
      method: 'put',
      path: one,
      body: t.model,
      responses: t.put,
      longRunning: true,
    },
    {
      id: `${t.tag}_${t.patchId ?? 'Update'}`,
      method: 'patch',
      path: one,
      body: t.patch,
      responses: t.patchResponses ?? { 200: t.model },
      longRunning: true,
    },
    {
      id: `${t.tag}_Delete`,
      method: 'delete',
      path: one,
      query: ['forceDeletion'],
      responses: t.delete ?? { 200: null, 202: null, 204: null },
      longRunning: true,
    },
  ];
}

export const action = (
  tag: string,
  type: string,
  name: string,
  options: { parameter: string; body?: string; answer?: string },
): SpecOperation => ({
  id: `${tag}_${name}`,
  method: 'post',
  path: `${group}/providers/${type}/{${options.parameter}}/${name}`,
  query:
    name === 'powerOff' ? ['skipShutdown'] : name === 'deallocate' ? ['hibernate', 'forceDeallocate'] : [],
  ...(options.body === undefined ? {} : { body: options.body }),
  responses: { 200: options.answer ?? null, 202: null },
  longRunning: true,
});
