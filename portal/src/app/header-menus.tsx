import {
  Button,
  Menu,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { LocalLanguageRegular, PersonRegular, WeatherMoonRegular } from '@fluentui/react-icons';
import type { ReactElement, ReactNode } from 'react';
import { languageNames, languages } from '../i18n/languages.ts';
import { useLanguage, useSay } from '../i18n/language.tsx';
import { useTheme } from '../theme/theme.tsx';
import { themeNames } from '../theme/themes.ts';
import { useViewer } from './viewer.tsx';

export function LanguageSwitch(): ReactNode {
  const say = useSay();
  const { language, setLanguage } = useLanguage();
  return (
    <Switch
      label={say('common.language')}
      icon={<LocalLanguageRegular />}
      value={language}
      choices={languages.map((value) => ({ value, label: languageNames[value] }))}
      onChange={setLanguage}
    />
  );
}

export function ThemeSwitch(): ReactNode {
  const say = useSay();
  const { theme, setTheme } = useTheme();
  return (
    <Switch
      label={say('common.theme')}
      icon={<WeatherMoonRegular />}
      value={theme}
      choices={themeNames.map((value) => ({ value, label: say(`common.theme.${value}`) }))}
      onChange={setTheme}
    />
  );
}

/** Who is signed in, and how to leave. */
export function UserMenu(): ReactNode {
  const say = useSay();
  const { caller, session } = useViewer();
  return (
    <Menu inline>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<PersonRegular />} aria-label={say('common.user')} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem disabled>{say('common.signedInAs', { name: caller.name })}</MenuItem>
          <MenuItem onClick={() => void session.signOut()}>{say('common.signOut')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Switch<V extends string>({
  label,
  icon,
  value,
  choices,
  onChange,
}: {
  readonly label: string;
  readonly icon: ReactElement;
  readonly value: V;
  readonly choices: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
}): ReactNode {
  return (
    <Menu
      inline
      checkedValues={{ choice: [value] }}
      onCheckedValueChange={(_, { checkedItems }) => {
        const chosen = choices.find((one) => one.value === checkedItems[0]);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={icon} aria-label={label} title={label} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {choices.map((one) => (
            <MenuItemRadio key={one.value} name="choice" value={one.value}>
              {one.label}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
