// Where a charity's page is. Registration ids of restricted funds hold a slash, which an address writes as %2F.

import { inPath } from "../api/client.ts";

export const addressOf = (registration: string): string => `/charities/${inPath(registration)}`;

/** The registration id of the charity whose restricted fund this is; null for a charity itself. */
export function parentOf(registration: string): string | null {
  const slash = registration.indexOf("/");
  return slash < 0 ? null : registration.slice(0, slash);
}

/** The address of a charity's own site, if it is one that a browser may be sent to. */
export function siteOf(website: string | null): string | null {
  if (website === null || !URL.canParse(website)) return null;
  return /^https?:$/.test(new URL(website).protocol) ? website : null;
}
