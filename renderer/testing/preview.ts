import { z } from 'zod';

z.config({ jitless: true });

const { start } = await import('../app/start.tsx');
const { createPlayCore } = await import('./play-core.ts');

/** The console over built data, for looking at it: `?estate=full`, `empty` or `broken`. */
const estate = new URLSearchParams(window.location.search).get('estate') ?? 'full';
start(document, createPlayCore(estate === 'empty' || estate === 'broken' ? estate : 'full'));
