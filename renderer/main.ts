import { z } from 'zod';

// zod's compiled parsers need `new Function`, which the console's content security policy forbids. The
// switch must be set before any schema is made, hence the dynamic imports of everything else.
z.config({ jitless: true });

const { createBridgeCarrier, createHttpCarrier } = await import('./api/index.ts');
const { start } = await import('./app/start.tsx');

const carrier =
  window.cairn === undefined
    ? createHttpCarrier({ fetch: window.fetch.bind(window), EventSource: window.EventSource })
    : createBridgeCarrier(window.cairn);
start(document, carrier);
