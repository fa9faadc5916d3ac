export { guestPlaces } from './guest-places.ts';
