// SPDX-License-Identifier: MIT
// For tests: a token that moves nothing and says so by returning false instead of reverting.
pragma solidity ^0.8.28;

contract RefusingToken {
    function decimals() external pure returns (uint8) {
        return 2;
    }

    function balanceOf(address) external pure returns (uint256) {
        return 0;
    }

    function transferFrom(address, address, uint256) external pure returns (bool) {
        return false;
    }
}
