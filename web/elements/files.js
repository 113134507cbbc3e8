/** How files go out to a person and come in from one. */
import { html } from 'lit';

/** A file for the person to keep. @param {string} name @param {string} text @param {string} [type] */
export function saveFile(name, text, type = 'application/json') {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The browser has begun to save by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/**
 * A button that takes a file.
 * @param {string} words what it says
 * @param {(text: string, name: string) => void} take is given the file's text
 * @param {string} [key] for tests
 */
export function fileButton(words, take, key = 'file') {
  const chosen = async (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    if (file) take(await file.text(), file.name);
    input.value = ''; // the same file may be chosen again
  };
  const press = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (/** @type {HTMLElement} */ (event.currentTarget).nextElementSibling).click();
  return html`<button @click=${press}>${words}</button><input type="file" accept=".json,application/json" hidden data-file=${key} aria-label=${words} @change=${chosen} />`;
}
