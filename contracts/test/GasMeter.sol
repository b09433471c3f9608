// SPDX-License-Identifier: MIT
// For tests: keeps with how much gas it was sent coins the last time.
pragma solidity ^0.8.28;

contract GasMeter {
    uint256 public came;

    receive() external payable {
        came = gasleft();
    }
}
