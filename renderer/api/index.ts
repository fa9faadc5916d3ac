/** The console's one way to core: a typed client over two carriers, and a query cache kept live by core's events. */
export { ApiProvider, useApi } from './api-context.tsx';
export { createBridgeCarrier } from './bridge-carrier.ts';
export type { Carrier, CarrierListener } from './carrier.ts';
export { type Client, createClient } from './client.ts';
export { createHttpCarrier } from './http-carrier.ts';
export { useAsk, useCommand, useProcedure, useProcedures, useSessionLog } from './use-procedure.ts';
