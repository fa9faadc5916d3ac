import type { JsonObject, LabResponse } from '../front/index.ts';

/** A refusal in Resource Manager's shape: `{"error":{"code","message"}}`. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly target: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    extra: { readonly headers?: Readonly<Record<string, string>>; readonly target?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = extra.headers ?? {};
    this.target = extra.target;
  }

  /** The inner object, as operation statuses carry it too. */
  toErrorBody(): JsonObject {
    const target = this.target === undefined ? {} : { target: this.target };
    return { code: this.code, message: this.message, ...target };
  }

  toResponse(): LabResponse {
    return { status: this.status, headers: this.headers, body: { error: this.toErrorBody() } };
  }
}

export const invalidParameter = (target: string, message: string): ArmError =>
  new ArmError(400, 'InvalidParameter', message, { target });

export const missingParameter = (name: string): ArmError =>
  new ArmError(400, 'InvalidParameter', `Required parameter '${name}' is missing (null).`, { target: name });

export const operationNotAllowed = (message: string): ArmError =>
  new ArmError(409, 'OperationNotAllowed', message);

export const resourceNotFound = (type: string, name: string, group: string): ArmError =>
  new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

export const groupNotFound = (group: string): ArmError =>
  new ArmError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);

export const subscriptionNotFound = (subscriptionId: string): ArmError =>
  new ArmError(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);

export const locationRequired = (): ArmError =>
  new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
