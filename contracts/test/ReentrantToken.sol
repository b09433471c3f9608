// SPDX-License-Identifier: MIT
// For tests: a token that calls back while it is being transferred, and hands on whatever that call reverts with.
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {TestToken} from "./TestToken.sol";

contract ReentrantToken is TestToken(2) {
    address private _target;
    bytes private _call;

    function callBack(address target, bytes calldata data) external {
        (_target, _call) = (target, data);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        Address.functionCall(_target, _call);
        return super.transferFrom(from, to, amount);
    }
}
