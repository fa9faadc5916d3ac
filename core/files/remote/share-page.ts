import { createHash } from 'node:crypto';
import { sharePageScript } from './share-page-script.ts';
import { sharePageStyle } from './share-page-style.ts';

/** Addresses of the page for colleagues and of what it asks for. */
export const sharePaths = {
  page: '/share',
  enter: '/share/enter',
  about: '/share/about',
  list: '/share/list',
  details: '/share/details',
  search: '/share/search',
  content: '/share/content',
  archive: '/share/archive',
} as const;

/** The whole page: nothing is loaded from anywhere else, and names are only ever put in as text. */
export const sharePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Shared files - Cairn</title>
<style>${sharePageStyle}</style>
</head>
<body>
<header>
<h1>Shared files</h1>
<form id="search" role="search" hidden>
<label for="text">Search</label>
<input id="text" type="search" autocomplete="off" spellcheck="false" maxlength="500" placeholder="Part of a name">
<button>Search</button>
</form>
</header>
<nav id="path" aria-label="Folder"></nav>
<main>
<p id="message" role="status">Opening ...</p>
<noscript><p>This page needs JavaScript; it comes from this worker alone.</p></noscript>
<table id="files" hidden>
<thead><tr><th scope="col">Name</th><th scope="col" class="number">Size</th><th scope="col">Modified (UTC)</th><th scope="col"><span class="unseen">Download</span></th></tr></thead>
<tbody></tbody>
</table>
<button id="more" type="button" hidden>Show more</button>
</main>
<dialog id="preview" aria-labelledby="previewed">
<h2 id="previewed"></h2>
<pre tabindex="0"></pre>
<p><a class="take">Download</a> <button type="button" id="shut">Close</button></p>
</dialog>
<script>${sharePageScript}</script>
</body>
</html>
`;

/** Only this very script and style run; the page talks to this worker alone and stands in no frame. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `script-src '${integrity(sharePageScript)}'`,
    `style-src '${integrity(sharePageStyle)}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
};

function integrity(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
