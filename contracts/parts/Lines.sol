// SPDX-License-Identifier: MIT
// Lines: their watermarks, the statements that raise `given` and `reversed`, and the position of a receipt. Who is paid,
// and who signed, is not known here.
pragma solidity ^0.8.28;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IDonationLedger} from "../IDonationLedger.sol";
import {LedgerHashes} from "../libraries/LedgerHashes.sol";
import {
    AMOUNT_LIMIT,
    Fault,
    GIFT,
    Line,
    REVERSAL,
    Receipt,
    ReceiptProof,
    Stage,
    Statement
} from "../libraries/LedgerTypes.sol";
import {SumTree} from "../libraries/SumTree.sol";
import {Batches} from "./Batches.sol";
import {LedgerDomain} from "./LedgerDomain.sol";

abstract contract Lines is Batches, LedgerDomain {
    mapping(bytes32 charity => mapping(bytes32 unit => Line)) private _lines;

    /// @inheritdoc IDonationLedger
    function prove(Statement calldata statement, bytes32[] calldata proof) external {
        _requireStatement(statement, proof);
        Line storage current = _line(statement.charity, statement.unit);
        _requireNoFault(current);
        if (statement.to <= (statement.kind == GIFT ? current.given : current.reversed)) return;
        if (statement.kind == GIFT) current.given = statement.to;
        else current.reversed = statement.to;
        if (current.reversed > current.given) revert ReversedBeyondGiven(current.given, current.reversed);
        emit StatementProven(
            statement.charity,
            statement.unit,
            statement.batch,
            statement.kind,
            statement.from,
            statement.to
        );
    }

    /// @inheritdoc IDonationLedger
    function line(
        bytes32 charity,
        bytes32 unit
    )
        external
        view
        returns (uint64 given, uint64 reversed, uint64 paid, uint64 netted, uint64 acknowledged, uint64 spent)
    {
        Line memory marks = _line(charity, unit);
        return (marks.given, marks.reversed, marks.paid, marks.netted, marks.acknowledged, marks.spent);
    }

    /// @inheritdoc IDonationLedger
    function verifyReceipt(
        Receipt calldata receipt,
        ReceiptProof calldata proof,
        Statement calldata statement,
        bytes32[] calldata statementProof
    ) external view returns (bytes32 leaf, uint64 start, uint64 end, Stage stage) {
        _requireStatement(statement, statementProof);
        _requireOfLine(receipt, statement);
        leaf = _digest(LedgerHashes.hash(receipt));
        start = statement.from + _requireInStatement(leaf, receipt.amount, proof, statement);
        end = start + receipt.amount;
        stage = _stage(statement, end);
    }

    /// @dev The only way to a line's storage; the parts that move watermarks use it.
    function _line(bytes32 charity, bytes32 unit) internal view returns (Line storage) {
        return _lines[charity][unit];
    }

    /// @dev The rule of every step: it begins where the watermark stands, so that a repeat reverts, and moves it right,
    /// at most to the watermark before it.
    function _checkInterval(uint64 watermark, uint64 from, uint64 upTo, uint64 limit) internal pure {
        if (from != watermark) revert FromNotWatermark(watermark, from);
        if (upTo <= from || upTo > limit) revert UpToOutOfRange(from, upTo, limit);
    }

    /// @dev A line at fault stands still.
    function _requireNoFault(Line storage current) internal view {
        if (current.fault != Fault.None) revert LineAtFault(current.fault);
    }

    function _requireStatement(Statement calldata statement, bytes32[] calldata proof) internal view {
        if (!_isWellFormed(statement)) revert MalformedStatement();
        _requireInBatch(statement, proof);
    }

    /// @dev Whatever the statement says: an accusation rests on what was anchored, well formed or not.
    function _requireInBatch(
        Statement calldata statement,
        bytes32[] calldata proof
    ) internal view returns (bytes32 leaf) {
        leaf = LedgerHashes.statementLeaf(ledger, statement);
        if (!MerkleProof.verifyCalldata(proof, _anchoredRoot(statement.batch), leaf)) {
            revert StatementNotInBatch(statement.batch, leaf);
        }
    }

    /// @dev Each receipt adds at least 1; a first statement, and only that, begins at 0 and has none before it.
    function _isWellFormed(Statement calldata statement) internal pure returns (bool) {
        return
            statement.kind <= REVERSAL &&
            statement.from < statement.to &&
            statement.to < AMOUNT_LIMIT &&
            statement.receipts != 0 &&
            statement.receipts <= statement.to - statement.from &&
            statement.previous < statement.batch &&
            (statement.previous == 0) == (statement.from == 0);
    }

    function _requireOfLine(Receipt calldata receipt, Statement calldata statement) private pure {
        if (!_isOfLine(receipt.charity, receipt.unit, receipt.kind, statement)) revert ReceiptOfAnotherLine();
        if (receipt.amount == 0 || receipt.amount >= AMOUNT_LIMIT || receipt.acceptedAt >= AMOUNT_LIMIT) {
            revert ReceiptOutOfRange();
        }
    }

    function _isOfLine(
        bytes32 charity,
        bytes32 unit,
        uint8 kind,
        Statement calldata statement
    ) internal pure returns (bool) {
        return charity == statement.charity && unit == statement.unit && kind == statement.kind;
    }

    /// @return before The sum of the amounts left of the leaf.
    function _requireInStatement(
        bytes32 leaf,
        uint64 amount,
        ReceiptProof calldata proof,
        Statement calldata statement
    ) internal pure returns (uint64 before) {
        if (proof.receipts != statement.receipts) revert ReceiptsMismatch(proof.receipts, statement.receipts);
        before = _requireInTree(leaf, amount, proof, statement);
    }

    /// @dev Any node of the tree: one above the leaves stands in a tree of the same shape over the nodes of its level.
    function _requireInTree(
        bytes32 node,
        uint64 ofNode,
        ReceiptProof calldata place,
        Statement calldata statement
    ) internal pure returns (uint64 before) {
        bytes32 computed;
        uint64 sum;
        (computed, sum, before) = SumTree.climb(node, ofNode, place);
        if (computed != statement.receiptsRoot) revert ReceiptNotInStatement(computed, statement.receiptsRoot);
        uint64 stated = statement.to - statement.from;
        if (sum != stated) revert SumMismatch(sum, stated);
    }

    function _stage(Statement calldata statement, uint64 end) private view returns (Stage) {
        Line memory marks = _line(statement.charity, statement.unit);
        if (statement.kind == REVERSAL) {
            if (marks.netted >= end) return Stage.Netted;
            return marks.reversed >= end ? Stage.Reversed : Stage.Anchored;
        }
        if (marks.spent >= end) return Stage.Spent;
        if (marks.acknowledged >= end) return Stage.Acknowledged;
        if (marks.paid >= end) return Stage.Paid;
        return marks.given >= end ? Stage.Given : Stage.Anchored;
    }
}
