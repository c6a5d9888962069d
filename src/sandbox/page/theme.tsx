import { useLayoutEffect, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];
const icons = { auto: 'half', light: 'sun', dark: 'moon' } as const;
const words = { auto: 'As the system', light: 'Light', dark: 'Dark' } as const;
const place = 'chatops-sandbox-theme';

function stored(): Theme {
  const value = localStorage.getItem(place);
  return themes.find((theme) => theme === value) ?? 'auto';
}

/** Light, dark, or as the system says; remembered by the browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(stored);
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(place, theme);
  }, [theme]);
  return (
    <fieldset class="themes">
      <legend class="sr-only">Colours</legend>
      {themes.map((each) => (
        <button
          type="button"
          key={each}
          class="theme"
          data-testid={`theme-${each}`}
          aria-pressed={each === theme}
          aria-label={words[each]}
          title={words[each]}
          onClick={() => setTheme(each)}
        >
          <Icon name={icons[each]} />
        </button>
      ))}
    </fieldset>
  );
}
