/** Keeps the lab for times without a network. Only the static site does so. */
navigator.serviceWorker?.register(new URL('sw.js', document.baseURI)).catch(() => {
  // Forbidden here, or a page from a file: then it needs the network.
});
