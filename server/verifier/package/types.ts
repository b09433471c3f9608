// The types of the package entry `amanah/verify`. This file imports nothing: as it stands it is what the built package says
// of itself.

/** 0x and hexadecimal digits. */
export type Hex = `0x${string}`;

/** `unknown`: nothing contradicts, and yet it cannot be told; the last step without a verdict says why. */
export type Verdict = "valid" | "invalid" | "unknown";

/** One check. `ok` is null where nothing can be told; `reason` is a stable code, null for a check that passed. */
export type FoundStep = {
  readonly step: string;
  readonly ok: boolean | null;
  /** In a plain sentence. */
  readonly says: string;
  readonly reason: string | null;
};

/** How far a line has come, in minor units: the watermarks that the contract keeps. Decimal strings. */
export type FoundLine = {
  readonly given: string;
  readonly reversed: string;
  readonly paid: string;
  readonly netted: string;
  readonly acknowledged: string;
  readonly spent: string;
};

/** The contract in which the ledger goes on after `lastGoodBatch`. */
export type FoundSuccessor = {
  readonly chainId: number;
  readonly contract: Hex;
  readonly lastGoodBatch: string;
};

/** What was found; what comes after the step that decided is null. The same as `npm run verify -- --json` tells. */
export type Result = {
  readonly verdict: Verdict;
  /** Why it is not valid: a stable code; null when it is. */
  readonly reason: string | null;
  readonly steps: readonly FoundStep[];
  /** What stays open, however valid the receipt: show it beside the verdict. */
  readonly notProven: readonly string[];
  /** Show it: the same receipt could be given to two buyers, and each knows their own order's number. */
  readonly order: string | null;
  /** The private details in the file; null once erased. */
  readonly details: { readonly [name: string]: unknown } | null;
  readonly leaf: Hex | null;
  /** Who promised the receipt, by signature; null where the file holds no promise. */
  readonly promiser: Hex | null;
  readonly batch: string | null;
  /** The interval [start, end) of the receipt on its line. `kind`: 0 gift, 1 reversal. */
  readonly position: {
    readonly charity: Hex;
    readonly unit: string;
    readonly kind: 0 | 1;
    readonly start: string;
    readonly end: string;
  } | null;
  readonly root: Hex | null;
  /** How far the money has come: anchored, given, paid, acknowledged, spent; of a reversal: reversed, netted. */
  readonly status: string | null;
  readonly line: FoundLine | null;
  readonly successors: readonly FoundSuccessor[];
};

/** What a wallet offers to pages, and any JSON-RPC client may offer (EIP-1193). */
export type Provider = {
  request(asked: { method: string; params?: readonly unknown[] | object }): Promise<unknown>;
};

export type Options = {
  /** The contract that you believe, from a source of your own. The file names one too: that proves nothing. */
  readonly contract: Hex;
  /** JSON-RPC endpoints: the first of the contract's chain, further ones of chains that the ledger has moved to. */
  readonly rpc?: string | readonly string[];
  /** In place of `rpc`: whatever answers `eth_call` and `eth_chainId`. */
  readonly provider?: Provider;
  /** In place of the platform's own, for `rpc`. */
  readonly fetch?: typeof fetch;
};

/**
 * Verifies a receipt file: as text, as bytes, or parsed. Without options, or without endpoint and provider, the file alone is
 * checked, and the verdict is `unknown` with the reason `not-compared` where nothing contradicts. It never throws for what
 * is in the file, nor for an endpoint that does not answer: the result says so.
 */
export type VerifyReceipt = (file: unknown, options?: Options) => Promise<Result>;
