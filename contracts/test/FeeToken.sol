// SPDX-License-Identifier: MIT
// For tests: an ERC-20 that keeps one smallest unit of every transfer, so that less arrives than was sent.
pragma solidity ^0.8.28;

import {TestToken} from "./TestToken.sol";

contract FeeToken is TestToken(2) {
    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(to, address(0), 1);
    }
}
