// What a verifier reads from the contract, as readable ABI. The whole interface is the contract's own.

export const LEDGER_READ_ABI = [
  "struct Challenge { address challenger; uint48 dueAt; uint8 state; }",
  "struct Successor { uint256 chainId; address ledgerContract; uint64 lastGoodBatch; }",
  "function ledger() view returns (bytes32)",
  "function lastBatch() view returns (uint64)",
  "function root(uint64 batch) view returns (bytes32)",
  "function faultOf(bytes32 charity, bytes32 unit) view returns (uint8)",
  "function promiserUntil(address promiser) view returns (uint48)",
  "function challengeOf(bytes32 promiseId) view returns (Challenge)",
  "function successor() view returns (Successor)",
  "function line(bytes32 charity, bytes32 unit) view returns (uint64 given, uint64 reversed, uint64 paid, uint64 netted, uint64 acknowledged, uint64 spent)",
] as const;
