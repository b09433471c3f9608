// The operator's API key: kept for as long as the browser's tab is open, and nowhere else.

import { createContext, useContext } from "react";

const KEPT_AS = "amanah.operator";

export function keptKey(): string | null {
  try {
    return sessionStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

export function keepKey(key: string | null): void {
  try {
    if (key === null) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, key);
  } catch {
    // Then it holds until the page is closed.
  }
}

export const bearer = (key: string) => `Bearer ${key}`;

const Key = createContext("");

/** The key that everything in the console is asked with. */
export const KeyProvider = Key.Provider;
export const useKey = () => useContext(Key);
