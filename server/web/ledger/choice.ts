// Which contract the visitor believes, and at which endpoint they read it: their own choice where they have made one, kept
// in their browser, else what this site says, which proves nothing against this site.

import { type Hex, isAddress } from "viem";

/** What the site says of its ledger; chain and contract are null until it is deployed. */
export type LedgerHint = {
  readonly id: Hex;
  readonly chainId: number | null;
  readonly contract: Hex | null;
  readonly demonstration: boolean;
  /** An endpoint that anyone may read, if the operator names one. */
  readonly rpcUrl: string | null;
};

export type LedgerChoice = {
  readonly contract: Hex;
  readonly chainId: number | null;
  /** The first is of the contract's chain; further ones of chains that the ledger has moved to. */
  readonly rpcUrls: readonly string[];
  readonly by: "visitor" | "site";
};

/** What is kept; a null stands for what the site says. */
export type OwnChoice = { readonly contract: Hex | null; readonly rpcUrls: readonly string[] };

const NOTHING: OwnChoice = { contract: null, rpcUrls: [] };
const keptAs = (ledger: Hex) => `amanah.ledger.${ledger}`;

export function readOwnChoice(ledger: Hex): OwnChoice {
  try {
    return parseChoice(JSON.parse(localStorage.getItem(keptAs(ledger)) ?? "null"));
  } catch {
    return NOTHING;
  }
}

export function keepOwnChoice(ledger: Hex, choice: OwnChoice): void {
  try {
    localStorage.setItem(keptAs(ledger), JSON.stringify(choice));
  } catch {
    // Then it holds until the page is closed.
  }
}

function parseChoice(kept: unknown): OwnChoice {
  const { contract = null, rpcUrls = [] } = (kept ?? {}) as { contract?: unknown; rpcUrls?: unknown };
  const urls = Array.isArray(rpcUrls)
    ? rpcUrls.filter((url) => typeof url === "string" && isEndpoint(url))
    : [];
  return { contract: isContract(contract) ? contract : null, rpcUrls: urls };
}

/** What to believe: null when neither visitor nor site names a contract. */
export function choiceOf(own: OwnChoice, hint: LedgerHint | undefined): LedgerChoice | null {
  const contract = own.contract ?? hint?.contract ?? null;
  if (contract === null) return null;
  const hinted = hint?.rpcUrl == null ? [] : [hint.rpcUrl];
  const chainId = own.contract === null ? (hint?.chainId ?? null) : null;
  const rpcUrls = own.rpcUrls.length > 0 ? own.rpcUrls : hinted;
  return { contract, chainId, rpcUrls, by: own.contract === null ? "site" : "visitor" };
}

/**
 * Whose word a comparison rests on. `own`: the visitor's alone. `endpoint`: their contract, read where this site says. `site`:
 * the contract is this site's word. `demonstration`: this site runs the very chain.
 */
export type Ground = "own" | "endpoint" | "site" | "demonstration";

export function groundOf(
  { contract, by }: LedgerChoice,
  own: OwnChoice,
  hint: LedgerHint | undefined,
): Ground {
  const isOwnEndpoint = own.rpcUrls.length > 0;
  const isSites = by === "site" || contract.toLowerCase() === hint?.contract?.toLowerCase();
  if (hint?.demonstration === true && (isSites || !isOwnEndpoint)) return "demonstration";
  if (by === "site") return "site";
  return isOwnEndpoint ? "own" : "endpoint";
}

export const isContract = (text: unknown): text is Hex =>
  typeof text === "string" && isAddress(text, { strict: false });

/** A security policy has no way to name [::1]. */
const LOOPBACK = ["localhost", "127.0.0.1"];

/** An endpoint that the pages' security policy lets a browser ask: by TLS, or on the visitor's own machine. */
export function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.includes(hostname));
}
