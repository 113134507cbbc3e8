/**
 * Where a frame may not load modules (a sandbox without an origin, a page from a file), its module script fails. Then the
 * whole lab comes as one classic script, for which no such rule is. Must stand before the module script.
 */
(() => {
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  let tried = false;
  const rescue = (/** @type {Event} */ event) => {
    if (tried || !(event.target instanceof HTMLScriptElement) || event.target.type !== 'module') return;
    tried = true;
    const all = document.createElement('script');
    all.src = new URL('tcp-lab.all.js', here).href;
    document.head.append(all);
  };
  document.addEventListener('error', rescue, true);
})();
