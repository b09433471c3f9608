// What a transaction may cost (EIP-1559, in wei per gas): what the market asks for, more when it is stuck, and never above
// the operator's limit. Pure.

export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/** Nodes refuse a replacement that does not raise both fees by a tenth; an eighth is safely above. */
const RAISE_DIVISOR = 8n;

const lesser = (a: bigint, b: bigint) => (a < b ? a : b);
const greater = (a: bigint, b: bigint) => (a > b ? a : b);

/** The fees asked for, cut down to the limit. */
export function limitFees(asked: Fees, limit: bigint): Fees {
  const maxFeePerGas = lesser(asked.maxFeePerGas, limit);
  return { maxFeePerGas, maxPriorityFeePerGas: lesser(asked.maxPriorityFeePerGas, maxFeePerGas) };
}

/** Fees for a replacement: raised, or what is asked for now if that is more; undefined when the limit leaves no room. */
export function raiseFees(before: Fees, asked: Fees, limit: bigint): Fees | undefined {
  const raised = {
    maxFeePerGas: greater(raise(before.maxFeePerGas), asked.maxFeePerGas),
    maxPriorityFeePerGas: greater(raise(before.maxPriorityFeePerGas), asked.maxPriorityFeePerGas),
  };
  const limited = limitFees(raised, limit);
  const enough =
    limited.maxFeePerGas >= raise(before.maxFeePerGas) &&
    limited.maxPriorityFeePerGas >= raise(before.maxPriorityFeePerGas);
  return enough ? limited : undefined;
}

const raise = (fee: bigint) => fee + fee / RAISE_DIVISOR + 1n;
