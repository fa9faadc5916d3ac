/** Light or dark as the browser wishes. */
export const sharePageStyle = `
:root { color-scheme: light dark; --edge: light-dark(#d1d1d1, #444); --quiet: light-dark(#5c5c5c, #adadad); --accent: light-dark(#0f5ea8, #6cb8ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; font: 1rem/1.4 system-ui, sans-serif; background: light-dark(#fff, #1b1b1b); color: light-dark(#1b1b1b, #f0f0f0); }
header { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: baseline; justify-content: space-between; }
h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
a, .open { color: var(--accent); } .open { background: none; border: 0; padding: 0; font: inherit; text-align: start; cursor: pointer; overflow-wrap: anywhere; }
.open:hover { text-decoration: underline; }
nav { margin: .75rem 0; display: flex; flex-wrap: wrap; gap: .25rem .5rem; overflow-wrap: anywhere; } nav .open + .open::before { content: "\\203a"; color: var(--quiet); margin-inline-end: .5rem; display: inline-block; }
nav .open:last-of-type { color: inherit; font-weight: 600; } nav a { margin-inline-start: auto; }
table { width: 100%; border-collapse: collapse; } th { text-align: start; font-weight: 600; }
th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--edge); vertical-align: top; }
.number { text-align: end; } tr:hover td { background: light-dark(#f5f5f5, #262626); } td:last-child { text-align: end; } td:not(:first-child) { white-space: nowrap; color: var(--quiet); } .problem { color: light-dark(#a4262c, #ff9a9a); }
pre { max-height: 60vh; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--edge); padding: .5rem; }
dialog { width: min(60rem, 95vw); border: 1px solid var(--edge); border-radius: .5rem; }
button, input { font: inherit; } button:not(.open), input { border: 1px solid var(--edge); border-radius: .25rem; padding: .25rem .6rem; background: light-dark(#fff, #2b2b2b); color: inherit; } #more { margin-top: .75rem; } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
`;
