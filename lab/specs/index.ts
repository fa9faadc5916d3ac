/**
 * Microsoft's shapes of every operation the lab answers to, as Swagger files. They are generated
 * (`node lab/specs/build-specs.ts`) from the model declarations of the locked SDK packages and the list in
 * `operations/`, except `authorization.json`, which no locked package covers and which is kept by hand. Resource Manager reads requests with them, and the tests validate its answers against them.
 */
export { BodyProblem, openRequestBodies, type RequestBodies } from './request-body.ts';
