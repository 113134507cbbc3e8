/**
 * <tcp-lab> as a classic script: `<script src=".../tcp-lab.classic.js" async></script>`. It fetches the module that lies beside it. A browser
 * refuses a module from another site that does not allow it (CORS), and any module in a page from a file; then it takes
 * tcp-lab.all.js, one large classic script, for which no such rule is.
 */
(() => {
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  import(new URL('tcp-lab.js', here).href).catch(() => {
    const all = document.createElement('script');
    all.src = new URL('tcp-lab.all.js', here).href;
    document.head.append(all);
  });
})();
