import { Menu, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { DarkThemeRegular } from '@fluentui/react-icons';
import { themeChoices, useTheme } from './theme-choice.ts';
import styles from './theme-menu.module.css';

const words = { system: 'Like the system', light: 'Light', dark: 'Dark' } as const;

export function ThemeMenu() {
  const { choice, choose } = useTheme();
  return (
    <Menu
      checkedValues={{ theme: [choice] }}
      onCheckedValueChange={(_, { checkedItems }) => {
        const next = themeChoices.find((one) => one === checkedItems[0]);
        if (next !== undefined) choose(next);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <button type="button" className={styles.button} title="Appearance">
          <DarkThemeRegular fontSize={19} />
          <span className={styles.label}>Appearance</span>
        </button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {themeChoices.map((one) => (
            <MenuItemRadio key={one} name="theme" value={one}>
              {words[one]}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
