import type { JsonObject } from '../front/index.ts';
import { BodyProblem, openRequestBodies } from '../specs/index.ts';
import { ArmError, locationRequired } from './arm-error.ts';
import type { BodyCheck } from './arm-service.ts';
import type { Route } from './call.ts';

type Provider = 'compute' | 'network' | 'storage' | 'resources';

function providerOf(route: Route): Provider {
  const name = /\/providers\/Microsoft\.(\w+)\/[^{]*(?:\{\w+\})?[^{]*/.exec(route.path)?.[1]?.toLowerCase();
  return name === 'compute' || name === 'network' || name === 'storage' ? name : 'resources';
}

/** Every provider has its own words for a body it cannot take. */
const codes: Readonly<Record<Provider, Readonly<Record<BodyProblem['kind'], string>>>> = {
  compute: {
    missing: 'InvalidParameter',
    unknown: 'BadRequest',
    type: 'BadRequest',
    value: 'InvalidParameter',
  },
  network: {
    missing: 'MissingJsonProperty',
    unknown: 'InvalidRequestFormat',
    type: 'InvalidRequestFormat',
    value: 'InvalidRequestFormat',
  },
  storage: {
    missing: 'InvalidValuesForRequestParameters',
    unknown: 'InvalidRequestContent',
    type: 'InvalidRequestContent',
    value: 'InvalidRequestPropertyValue',
  },
  resources: {
    missing: 'InvalidRequestContent',
    unknown: 'InvalidRequestContent',
    type: 'InvalidRequestContent',
    value: 'InvalidRequestContent',
  },
};

function messageOf({ kind, path, model, value }: BodyProblem): string {
  switch (kind) {
    case 'missing':
      return `Required parameter '${path}' is missing (null).`;
    case 'unknown':
      return `Could not find member '${path.split('.').at(-1)}' on object of type '${model}'. Path '${path}'.`;
    case 'type':
      return `Error converting value '${JSON.stringify(value)}' of '${path}'.`;
    case 'value':
      return `The value '${String(value)}' of parameter '${path}' is invalid.`;
  }
}

/** Reads bodies by the published shapes; storage alone overlooks members it does not know. */
export function createBodyCheck(): BodyCheck {
  const bodies = openRequestBodies();
  return (route, body) => {
    const provider = providerOf(route);
    try {
      return bodies.read(
        { method: route.method, path: route.path, strict: provider !== 'storage' },
        body,
      ) as JsonObject;
    } catch (error) {
      if (!(error instanceof BodyProblem)) throw error;
      if (error.kind === 'missing' && error.path === 'location') throw locationRequired();
      throw new ArmError(400, codes[provider][error.kind], messageOf(error), { target: error.path });
    }
  };
}
