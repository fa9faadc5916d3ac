import { AriaLiveAnnouncer, FluentProvider } from '@fluentui/react-components';
import { RouterProvider } from '@tanstack/react-router';
import { ApiProvider, type Client } from '../api/index.ts';
import styles from './app.module.css';
import type { ConsoleRouter } from './router.tsx';
import { darkTheme, lightTheme } from './theme.ts';
import { ThemeContext, useThemeChoice } from './theme-choice.ts';

export interface AppProps {
  readonly client: Client;
  readonly router: ConsoleRouter;
}

export function App({ client, router }: AppProps) {
  const theme = useThemeChoice();
  return (
    <ThemeContext value={theme}>
      <FluentProvider theme={theme.effective === 'dark' ? darkTheme : lightTheme} className={styles.app}>
        <AriaLiveAnnouncer>
          <ApiProvider client={client}>
            <RouterProvider router={router} />
          </ApiProvider>
        </AriaLiveAnnouncer>
      </FluentProvider>
    </ThemeContext>
  );
}
