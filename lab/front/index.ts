/** The lab's front door: one small http(s) server and the plain request and answer its services work with. */
export {
  html,
  isObject,
  type Json,
  type JsonObject,
  json,
  type LabRequest,
  type LabResponse,
  redirect,
  type Service,
} from './message.ts';
export { DropConnection, type FrontDoor, type FrontDoorOptions, openFrontDoor } from './server.ts';
