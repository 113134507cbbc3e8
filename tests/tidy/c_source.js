/**
 * Just enough of C for the tidy checks. It leans on what clang-format makes of our files: a function's braces
 * stand alone in the first column, and nothing else's do.
 */

/** @param {string} text */
export const lineCount = (text) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/**
 * The text without comments and without what stands in string and character constants; line numbers stay.
 * @param {string} text
 */
export function code(text) {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (found) =>
    found.startsWith('"') ? '""' : found.startsWith("'") ? "''" : found.replace(/[^\n]/g, ''),
  );
}

/**
 * Our own includes, those in double quotes.
 * @param {string} text
 * @returns {{line: number, target: string}[]}
 */
export function includes(text) {
  return text.split('\n').flatMap((line, index) => {
    const target = line.match(/^\s*#\s*include\s+"([^"]+)"/)?.[1];
    return target === undefined ? [] : [{ line: index + 1, target }];
  });
}

/**
 * Functions with their size: the lines from the brace that opens the body to the one that closes it.
 * @param {string} text
 * @returns {{name: string, lines: number}[]}
 */
export function functions(text) {
  const lines = code(text).split('\n');
  const found = [];
  for (let start = 0; start < lines.length; start++) {
    if (lines[start] !== '{') continue;
    let end = start;
    while (end < lines.length && lines[end] !== '}') end++;
    let head = start - 1; // the parameters may run over several lines, all of them indented
    while (head > 0 && /^\s/.test(lines[head])) head--;
    const name = lines[head].match(/(\w+)\s*\(/)?.[1] ?? `line ${start}`;
    found.push({ name, lines: end - start + 1 });
    start = end;
  }
  return found;
}

/**
 * Calls of functions by these names, as `line: name`.
 * @param {string} text
 * @param {string[]} names
 */
export function calls(text, names) {
  const call = new RegExp(`(?<![\\w.>])(${names.join('|')})\\s*\\(`, 'g');
  return code(text)
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(call)].map(([, name]) => `${index + 1}: ${name}`));
}
