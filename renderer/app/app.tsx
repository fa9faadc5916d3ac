import { AriaLiveAnnouncer, FluentProvider } from '@fluentui/react-components';
import { RouterProvider } from '@tanstack/react-router';
import { ApiProvider, type Client } from '../api/index.ts';
import type { ConsoleRouter } from './router.tsx';
import { darkTheme, lightTheme } from './theme.ts';
import { ThemeContext, useThemeChoice } from './theme-choice.ts';

// A style and no class: Fluent copies its provider's classes to every portal, which would cover the page.
const frame = { height: '100%', lineHeight: '20px', letterSpacing: '-0.004em' } as const;

export interface AppProps {
  readonly client: Client;
  readonly router: ConsoleRouter;
}

export function App({ client, router }: AppProps) {
  const theme = useThemeChoice();
  return (
    <ThemeContext value={theme}>
      <FluentProvider theme={theme.effective === 'dark' ? darkTheme : lightTheme} style={frame}>
        <AriaLiveAnnouncer>
          <ApiProvider client={client}>
            <RouterProvider router={router} />
          </ApiProvider>
        </AriaLiveAnnouncer>
      </FluentProvider>
    </ThemeContext>
  );
}
