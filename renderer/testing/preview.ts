import { start } from '../app/start.tsx';
import { createPlayCore } from './play-core.ts';

/** The console over built data, for looking at it: `?estate=full`, `empty` or `broken`. */
const estate = new URLSearchParams(window.location.search).get('estate') ?? 'full';
start(document, createPlayCore(estate === 'empty' || estate === 'broken' ? estate : 'full'));
