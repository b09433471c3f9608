// Hands a file to the visitor, as a link of the page that is followed at once.

/** Characters that a file's name holds nowhere stand as a dash. */
export const fileName = (name: string): string => name.replace(/[^\w.-]+/g, "-");

export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = fileName(name);
  link.click();
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
