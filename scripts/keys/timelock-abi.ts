// What the commands use of OpenZeppelin's TimelockController, as readable text. A test holds it to what the compiler says.

import { parseAbi } from "viem";

export const TIMELOCK_ABI = parseAbi([
  "constructor(uint256 minDelay, address[] proposers, address[] executors, address admin)",
  "function cancel(bytes32 id)",
  "function execute(address target, uint256 value, bytes payload, bytes32 predecessor, bytes32 salt) payable",
  "function getMinDelay() view returns (uint256)",
  "function getTimestamp(bytes32 id) view returns (uint256)",
  "function grantRole(bytes32 role, address account)",
  "function hasRole(bytes32 role, address account) view returns (bool)",
  "function renounceRole(bytes32 role, address callerConfirmation)",
  "function revokeRole(bytes32 role, address account)",
  "function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay)",
  "function updateDelay(uint256 newDelay)",
  "event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)",
]);
