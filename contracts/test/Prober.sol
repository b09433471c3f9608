// SPDX-License-Identifier: MIT
// For tests: makes many calls of a ledger as if each were the first, and tells which of them convict.
pragma solidity ^0.8.28;

// solhint-disable avoid-low-level-calls

contract Prober {
    error Outcome(uint8 fault);

    /// @notice What the line is at fault of after each call, 0 if the ledger refuses it. Nothing stays of any of them.
    /// @param questions For each call how the ledger is asked about the line.
    function verdicts(
        address ledger,
        bytes[] calldata calls,
        bytes[] calldata questions
    ) external returns (uint8[] memory faults) {
        faults = new uint8[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            try this.rehearse(ledger, calls[i], questions[i]) {} catch (bytes memory outcome) {
                faults[i] = uint8(outcome[outcome.length - 1]);
            }
        }
    }

    /// @notice Always reverts, with what came of the call.
    function rehearse(address ledger, bytes calldata data, bytes calldata question) external {
        (bool taken, ) = ledger.call(data);
        if (!taken) revert Outcome(0);
        (, bytes memory answer) = ledger.staticcall(question);
        revert Outcome(abi.decode(answer, (uint8)));
    }
}
