import { byId, say } from './dom.js';

const choices = ['auto', 'light', 'dark'];
const kept = 'remoteswap-theme';

// Follows the system, until the button says otherwise; the choice is kept in this browser.
export function startTheme(changed) {
  const root = document.documentElement;
  const apply = choice => {
    root.dataset.theme = choice;
    say(byId('theme'), `Theme: ${choice}`);
    changed();
  };
  const stored = localStorage.getItem(kept);
  apply(choices.includes(stored) ? stored : 'auto');
  byId('theme').addEventListener('click', () => {
    const next = choices[(choices.indexOf(root.dataset.theme) + 1) % choices.length];
    localStorage.setItem(kept, next);
    apply(next);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}
