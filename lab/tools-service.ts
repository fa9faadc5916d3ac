import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { adminKeyHeader } from './control/index.ts';
import type { ActivityOptions, DiskActivity } from './estate/index.ts';
import { type JsonObject, json, type LabRequest, type LabResponse, type Service } from './front/index.ts';

/** What a second process may ask a running lab for, with the lab's admin key. */
export interface LabTools {
  applyActivity(vm: string, options: ActivityOptions, signal: AbortSignal): Promise<readonly DiskActivity[]>;
  leftovers(): readonly unknown[];
  diskSha256(resourceId: string, signal: AbortSignal): Promise<string>;
  addVmFromImage(file: string, name: string, signal: AbortSignal): Promise<string>;
  bootLog(vm: string): Promise<string>;
}

const activitySchema = z.strictObject({
  vm: z.string().min(1),
  amount: z.number().positive().max(1).optional(),
  seed: z.string().optional(),
});
const imageSchema = z.strictObject({ file: z.string().min(1), name: z.string().min(1) });

/** `POST /activity`, `POST /virtual-machines`, `GET /leftovers`, `GET /disk-sha256?id=`, `GET /boot-log?vm=`. */
export function createToolsService(tools: LabTools, adminKey: string): Service {
  return async (request) => {
    const sent = Buffer.from(request.headers[adminKeyHeader] ?? '');
    const key = Buffer.from(adminKey);
    if (sent.length !== key.length || !timingSafeEqual(sent, key))
      return json(401, { error: 'wrong admin key' });
    try {
      return await route(tools, request);
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

async function route(tools: LabTools, request: LabRequest): Promise<LabResponse> {
  const body = (): unknown => JSON.parse(request.body.toString('utf8'));
  switch (`${request.method} ${request.path}`) {
    case 'POST /activity': {
      const { vm, amount, seed } = activitySchema.parse(body());
      const options = {
        ...(amount === undefined ? {} : { amount }),
        ...(seed === undefined ? {} : { seed }),
      };
      return answer({ disks: await tools.applyActivity(vm, options, request.signal) });
    }
    case 'POST /virtual-machines': {
      const { file, name } = imageSchema.parse(body());
      return answer({ id: await tools.addVmFromImage(file, name, request.signal) });
    }
    case 'GET /leftovers':
      return answer({ leftovers: tools.leftovers() });
    case 'GET /disk-sha256':
      return answer({ sha256: await tools.diskSha256(request.query.get('id') ?? '', request.signal) });
    case 'GET /boot-log':
      return answer({ log: await tools.bootLog(request.query.get('vm') ?? '') });
    default:
      return json(404, { error: 'no such address' });
  }
}

const answer = (value: object): LabResponse => json(200, JSON.parse(JSON.stringify(value)) as JsonObject);
