import { find } from './find';

const THEMES = ['system', 'light', 'dark'] as const;

/** Light or dark, whatever the system says; kept nowhere. */
export function themeButton(): void {
  const button = find('theme', HTMLButtonElement);
  let at = 0;
  button.addEventListener('click', () => {
    at = (at + 1) % THEMES.length;
    const theme = THEMES[at] ?? 'system';
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    button.textContent = `Theme: ${theme}`;
  });
}
