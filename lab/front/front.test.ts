import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DropConnection, type FrontDoor, json, openFrontDoor } from './index.ts';

let door: FrontDoor;
const defects: unknown[] = [];
beforeAll(async () => {
  door = await openFrontDoor({
    host: '127.0.0.1',
    port: 0,
    service: async ({ path, query, body, headers }) => {
      if (path === '/defect') throw new Error('oops');
      if (path === '/drop') throw new DropConnection('injected');
      return json(200, {
        path,
        query: query.get('q') ?? '',
        bytes: body.length,
        type: headers['content-type'] ?? '',
      });
    },
    onDefect: (error) => defects.push(error),
  });
});
afterAll(() => door.close());

describe('front door', () => {
  it('hands over path, query, headers and body', async () => {
    const answer = await fetch(`${door.origin}/a%20b?q=1`, {
      method: 'POST',
      body: 'hello',
      headers: { 'content-type': 'text/x' },
    });
    expect(await answer.json()).toEqual({ path: '/a b', query: '1', bytes: 5, type: 'text/x' });
  });

  it('answers HEAD without a body', async () => {
    const answer = await fetch(`${door.origin}/x`, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('cuts the connection on a defect and tells about it, and on a wanted drop without', async () => {
    await expect(fetch(`${door.origin}/drop`)).rejects.toThrow();
    expect(defects).toEqual([]);
    await expect(fetch(`${door.origin}/defect`)).rejects.toThrow();
    expect(defects).toEqual([expect.objectContaining({ message: 'oops' })]);
  });

  it('takes no body without bounds', async () => {
    const outcome = await new Promise<string>((resolve) => {
      const request = httpRequest(`${door.origin}/x`, { method: 'PUT' }, () => resolve('answered'));
      request.on('error', () => resolve('cut'));
      const chunk = Buffer.alloc(1024 * 1024);
      for (let index = 0; index < 6; index += 1) request.write(chunk);
      request.end();
    });
    expect(outcome).toBe('cut');
  });
});
