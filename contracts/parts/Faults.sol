// SPDX-License-Identifier: MIT
// Faults: anchored statements that no honest ledger could have, shown by anyone from public books or receipt files alone.
// What follows from a fault for proofs and payouts is in their own parts.
pragma solidity ^0.8.28;

import {IAccusations} from "../IAccusations.sol";
import {LedgerHashes} from "../libraries/LedgerHashes.sol";
import {Fault, Line, OpenedNode, Receipt, ReceiptProof, Statement} from "../libraries/LedgerTypes.sol";
import {SumTree} from "../libraries/SumTree.sol";
import {Lines} from "./Lines.sol";

abstract contract Faults is Lines {
    /// @inheritdoc IAccusations
    function proveContradiction(
        Statement calldata first,
        bytes32[] calldata firstProof,
        Statement calldata second,
        bytes32[] calldata secondProof
    ) external {
        bytes32 firstLeaf = _requireInBatch(first, firstProof);
        bytes32 secondLeaf = _requireInBatch(second, secondProof);
        if (first.charity != second.charity || first.unit != second.unit || first.kind != second.kind) revert NoFault();
        _convict(first, _contradiction(first, firstLeaf, second, secondLeaf), firstLeaf, secondLeaf);
    }

    /// @inheritdoc IAccusations
    function proveMalformed(Statement calldata statement, bytes32[] calldata proof) external {
        bytes32 leaf = _requireInBatch(statement, proof);
        _convict(statement, _isWellFormed(statement) ? Fault.None : Fault.Malformed, leaf, 0);
    }

    /// @inheritdoc IAccusations
    function proveFalseSum(
        Statement calldata statement,
        bytes32[] calldata proof,
        OpenedNode calldata opened,
        ReceiptProof calldata place
    ) external {
        bytes32 leaf = _requireInBatch(statement, proof);
        bytes32 hash = SumTree.node(opened.left.hash, opened.left.sum, opened.right.hash, opened.right.sum);
        _requireInTree(hash, opened.sum, place, statement);
        bool adds = uint256(opened.left.sum) + opened.right.sum == opened.sum;
        _convict(statement, adds ? Fault.None : Fault.FalseSum, leaf, 0);
    }

    /// @inheritdoc IAccusations
    function proveFalseReceipt(
        Statement calldata statement,
        bytes32[] calldata proof,
        Receipt calldata receipt,
        uint64 sum,
        ReceiptProof calldata place
    ) external {
        bytes32 leaf = _requireInBatch(statement, proof);
        _requireInTree(_digest(LedgerHashes.hash(receipt)), sum, place, statement);
        bool counts = _isOfLine(receipt.charity, receipt.unit, receipt.kind, statement);
        counts = counts && receipt.amount == sum && sum != 0;
        _convict(statement, counts ? Fault.None : Fault.FalseReceipt, leaf, 0);
    }

    /// @inheritdoc IAccusations
    function faultOf(bytes32 charity, bytes32 unit) external view returns (Fault) {
        return _line(charity, unit).fault;
    }

    /// @dev `None` for what an honest ledger may hold: positions follow each other as batches do, and each statement
    /// begins where the one that it names as previous ends.
    function _contradiction(
        Statement calldata first,
        bytes32 firstLeaf,
        Statement calldata second,
        bytes32 secondLeaf
    ) private pure returns (Fault) {
        if (first.batch == second.batch) return firstLeaf == secondLeaf ? Fault.None : Fault.Twice;
        if (first.batch > second.batch) return Fault.None;
        if (second.from < first.to) return Fault.Overlap;
        if (second.previous == first.batch && second.from != first.to) return Fault.Gap;
        return second.previous < first.batch ? Fault.Skip : Fault.None;
    }

    function _convict(Statement calldata statement, Fault fault, bytes32 first, bytes32 second) private {
        if (fault == Fault.None) revert NoFault();
        Line storage current = _line(statement.charity, statement.unit);
        _requireNoFault(current);
        current.fault = fault;
        emit FaultProven(statement.charity, statement.unit, statement.kind, fault, first, second);
    }
}
