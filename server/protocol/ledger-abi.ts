// What a verifier reads from the contract, as readable ABI. The whole interface is the contract's own.

export const LEDGER_READ_ABI = [
  "function ledger() view returns (bytes32)",
  "function lastBatch() view returns (uint64)",
  "function root(uint64 batch) view returns (bytes32)",
  "function line(bytes32 charity, bytes32 unit) view returns (uint64 given, uint64 reversed, uint64 paid, uint64 netted, uint64 acknowledged, uint64 spent)",
] as const;
