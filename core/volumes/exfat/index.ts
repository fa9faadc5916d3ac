export { openExfat } from './open-exfat.ts';
