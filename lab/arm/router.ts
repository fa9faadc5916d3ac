import type { Route } from './call.ts';

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

function compile(route: Route): Compiled {
  const names: string[] = [];
  const source = route.path
    .split('/')
    .map((segment) => {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1];
      if (name === undefined) return segment.replace(/[.$]/g, '\\$&');
      names.push(name);
      return '([^/]+)';
    })
    .join('/');
  return { route, pattern: new RegExp(`^${source}/?$`, 'i'), names };
}

/** Finds the route of a request; letter case in the path does not matter, as in Resource Manager. */
export function createRouter(routes: readonly Route[]): {
  match(method: string, path: string): RouteMatch | undefined;
  /** True when some other method is known for this path. */
  knowsPath(path: string): boolean;
} {
  const compiled = routes.map(compile);
  return {
    match(method, path) {
      for (const { route, pattern, names } of compiled) {
        if (route.method !== method) continue;
        const found = pattern.exec(path);
        if (!found) continue;
        const params = Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']));
        return { route, params };
      }
      return undefined;
    },
    knowsPath: (path) => compiled.some(({ pattern }) => pattern.test(path)),
  };
}
