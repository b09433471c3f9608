// What commands tell the terminal. Much of it was written by others, down to names and references: whatever could steer a
// terminal is shown as an escape.

export const say = (line = ""): void => void process.stdout.write(`${printable(line)}\n`);
export const warn = (line: string): void => void process.stderr.write(`${printable(line)}\n`);

/** The text on one line, without anything that a terminal would obey. */
export const printable = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`);
