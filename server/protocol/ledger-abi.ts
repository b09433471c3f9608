// What a verifier reads from the contract, as readable ABI. The whole interface is the contract's own.

export const LEDGER_READ_ABI = [
  "struct Challenge { address challenger; uint48 dueAt; uint8 state; }",
  "struct Payout { uint64 from; uint64 netFrom; uint64 netTo; uint48 paidAt; uint8 rail; }",
  "struct PendingChange { address to; uint48 due; uint48 change; }",
  "struct Successor { uint256 chainId; address ledgerContract; uint64 lastGoodBatch; }",
  "function ledger() view returns (bytes32)",
  "function opened() view returns (bool)",
  "function lastBatch() view returns (uint64)",
  "function root(uint64 batch) view returns (bytes32)",
  "function faultOf(bytes32 charity, bytes32 unit) view returns (uint8)",
  "function promiserUntil(address promiser) view returns (uint48)",
  "function challengeOf(bytes32 promiseId) view returns (Challenge)",
  "function successor() view returns (Successor)",
  "function charityOf(bytes32 charity) view returns (address payee, address signer, uint48 changes)",
  "function pendingChanges(bytes32 charity) view returns (PendingChange payee, PendingChange signer)",
  "function payoutEnd(bytes32 charity, bytes32 unit, uint64 upTo) view returns (Payout)",
  "function line(bytes32 charity, bytes32 unit) view returns (uint64 given, uint64 reversed, uint64 paid, uint64 netted, uint64 acknowledged, uint64 spent)",
] as const;
