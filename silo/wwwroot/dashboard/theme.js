// Light, dark or as the system says: kept per browser, applied before the first paint so that nothing flashes.
(() => {
  const key = 'orleansrec-theme';
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  // Held here and only kept there: a window whose storage refuses still shows what was chosen.
  let choice = kept() ?? 'system';
  const current = () => choice !== 'system' ? choice : system.matches ? 'dark' : 'light';

  function kept() { try { return localStorage.getItem(key); } catch { return null; } }

  function apply() {
    const theme = current();
    document.documentElement.dataset.theme = theme;
    document.documentElement.style.colorScheme = theme;
    for (const link of document.querySelectorAll('link[data-theme]'))
      link.media = link.dataset.theme === theme ? 'all' : 'not all';
    showChosen();
  }

  function showChosen() {
    for (const button of document.querySelectorAll('[data-theme-choice]'))
      button.setAttribute('aria-checked', button.dataset.themeChoice === choice);
  }

  function choose(theme) {
    choice = theme;
    try { theme === 'system' ? localStorage.removeItem(key) : localStorage.setItem(key, theme); } catch { /* Private windows may refuse. */ }
    apply();
  }

  // A window that nobody sees is not sent anything.
  function watchVisibility(layout) {
    const tell = () => layout.invokeMethodAsync('Show', document.visibilityState === 'visible').catch(() => { });
    document.addEventListener('visibilitychange', tell);
    tell();
    return { dispose: () => document.removeEventListener('visibilitychange', tell) };
  }

  // Taken here and not by the server: a choice needs no connection, and holds at once.
  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-theme-choice]');
    if (button)
      choose(button.dataset.themeChoice);
  });
  system.addEventListener('change', apply);
  window.orleansrec = { showChosen, watchVisibility };
  apply();
})();
