// The link of a receipt. Pure, and small: it is read before anything else is loaded.

/** A receipt's address, wherever the site is. */
export type ReceiptLink = { readonly id: string; readonly key: string | null; readonly origin: string };

/** Whoever makes a code may write anything before the path, a script too. */
const WEB = ["https:", "http:"];
const LINK_PATH = /^\/r\/(0x[0-9a-fA-F]{32})\/?$/;

/** The link that a text or a scanned code is; null when it is none. */
export function linkIn(text: string): ReceiptLink | null {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) return null;
  const { protocol, origin, pathname, hash } = new URL(trimmed);
  const [, id] = LINK_PATH.exec(pathname) ?? [];
  return id === undefined || !WEB.includes(protocol) ? null : { id, key: keyIn(hash), origin };
}

/** The key in a link's fragment; null when there is none. */
export const keyIn = (hash: string): string | null => (hash.length > 1 ? hash.slice(1) : null);
