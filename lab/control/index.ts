/** The lab's control plane as a whole: sign-in, Resource Manager and the admin switchboard, with their kept state. */
export { adminKeyHeader } from './admin-service.ts';
export {
  type ControlPlane,
  type ControlPlaneOptions,
  type Planes,
  type PreparedControlPlane,
  prepareControlPlane,
} from './control-plane.ts';
