// SPDX-License-Identifier: MIT
// For tests: a token whose transferFrom returns nothing, as some of the oldest and largest do. It asks for no allowance.
pragma solidity ^0.8.28;

contract NoReturnToken {
    mapping(address holder => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function decimals() external pure returns (uint8) {
        return 2;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}
