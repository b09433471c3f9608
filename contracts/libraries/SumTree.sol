// SPDX-License-Identifier: MIT
// The way from a leaf to the root of a statement's sum tree. Shape and sides follow RFC 9162 section 2.1.3.2; nodes are
// those of MerkleSumTree in merkletreejs. What leaves mean, and where the root is anchored, is not known here.
pragma solidity ^0.8.28;

import {AMOUNT_LIMIT, ReceiptProof, Sibling} from "./LedgerTypes.sol";

library SumTree {
    error IndexOutOfRange(uint64 index, uint64 receipts);
    error PathTooLong();
    error PathTooShort();
    error SumOutOfRange();

    /// @notice Climbs from a leaf to the root.
    /// @dev An odd node at the end of a level moves up unchanged, so a step may skip levels. The path's length follows
    /// exactly from index and number of receipts, otherwise an inner node could pass for a leaf.
    /// @return hash The root that the path leads to.
    /// @return sum The sum of all amounts below it.
    /// @return before The sum of all amounts left of the leaf.
    function climb(
        bytes32 leaf,
        uint64 amount,
        ReceiptProof calldata proof
    ) internal pure returns (bytes32 hash, uint64 sum, uint64 before) {
        if (proof.index >= proof.receipts) revert IndexOutOfRange(proof.index, proof.receipts);
        (hash, sum) = (leaf, amount);
        uint256 index = proof.index;
        uint256 last = proof.receipts - 1;
        for (uint256 i = 0; i < proof.path.length; ++i) {
            if (last == 0) revert PathTooLong();
            Sibling calldata sibling = proof.path[i];
            if (index & 1 == 1 || index == last) {
                hash = node(sibling.hash, sibling.sum, hash, sum);
                before += sibling.sum;
                while (index & 1 == 0) (index, last) = (index >> 1, last >> 1);
            } else {
                hash = node(hash, sum, sibling.hash, sibling.sum);
            }
            sum = add(sum, sibling.sum);
            (index, last) = (index >> 1, last >> 1);
        }
        if (last != 0) revert PathTooShort();
    }

    /// @notice The hash of a parent: both sums are in it apart, so none can be shifted to the other side.
    function node(bytes32 left, uint64 leftSum, bytes32 right, uint64 rightSum) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(leftSum, left, rightSum, right));
    }

    /// @dev Both in and below 2^63, so the addition itself cannot overflow 64 bits.
    function add(uint64 sum, uint64 siblingSum) private pure returns (uint64 total) {
        if (siblingSum >= AMOUNT_LIMIT) revert SumOutOfRange();
        total = sum + siblingSum;
        if (total >= AMOUNT_LIMIT) revert SumOutOfRange();
    }
}
