import { createDOMRenderer, RendererProvider } from '@fluentui/react-components';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { type Carrier, createClient } from '../api/index.ts';
import { App } from './app.tsx';
import { createConsoleRouter, loadAllPages } from './router.tsx';
import './global.css';

/** Shows the console in a page, over whatever carries its calls to core. */
export function start(page: Document, carrier: Carrier): void {
  const root = page.getElementById('root');
  if (root === null) throw new Error('The page has no #root element.');
  const nonce = page.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
  const renderer = createDOMRenderer(page, { styleElementAttributes: { nonce } });
  const router = createConsoleRouter();
  createRoot(root).render(
    <StrictMode>
      <RendererProvider renderer={renderer} targetDocument={page}>
        <App client={createClient(carrier)} router={router} />
      </RendererProvider>
    </StrictMode>,
  );
  window.requestIdleCallback(() => void loadAllPages(router));
}
