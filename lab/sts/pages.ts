const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font:16px system-ui;max-width:26rem;margin:4rem auto;padding:0 1rem}label{display:block;margin:.8rem 0}
input{display:block;width:100%;padding:.4rem;font:inherit;box-sizing:border-box}button{padding:.5rem 1rem;font:inherit}
.error{color:#a4262c}</style></head><body><h1>${escaped(title)}</h1>${body}</body></html>`;
}

const hidden = (fields: Iterable<readonly [string, string]>): string =>
  [...fields]
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('');

const credentials = `<label>User name<input name="login" autocomplete="username" required></label>
<label>Password<input name="passwd" type="password" autocomplete="current-password" required></label>`;

const problem = (message: string | undefined): string =>
  message === undefined ? '' : `<p class="error" role="alert">${escaped(message)}</p>`;

/** The page behind `/authorize`: asks who it is, then goes on with the same parameters. */
export function signInPage(parameters: Iterable<readonly [string, string]>, message?: string): string {
  return page(
    'Sign in to the lab',
    `${problem(message)}<form method="post">${hidden(parameters)}${credentials}<button>Sign in</button></form>`,
  );
}

/** The page a person opens on another device, with the code the console shows. */
export function devicePage(userCode: string, message?: string): string {
  return page(
    'Enter code',
    `${problem(message)}<form method="post"><label>Code<input name="otc" value="${escaped(userCode)}" required></label>${credentials}
<button name="decision" value="approve">Approve</button> <button name="decision" value="decline" formnovalidate>Decline</button></form>`,
  );
}

export const messagePage = (title: string, message: string): string =>
  page(title, `<p>${escaped(message)}</p>`);

/** Sends fields to the application's own address, as `response_mode=form_post` asks. */
export function formPostPage(action: string, fields: Iterable<readonly [string, string]>): string {
  return page(
    'Working...',
    `<form method="post" action="${escaped(action)}">${hidden(fields)}<button>Continue</button></form><script>document.forms[0].submit()</script>`,
  );
}
