// SPDX-License-Identifier: MIT
// The roots of batches: numbered 1, 2, 3, ... without a gap, each kept for ever; and the contract in which later ones are,
// once the ledger has moved. What is below a root is not known here.
pragma solidity ^0.8.28;

import {IDonationLedger} from "../IDonationLedger.sol";
import {Successor} from "../libraries/LedgerTypes.sol";
import {LedgerAccess} from "./LedgerAccess.sol";

abstract contract Batches is LedgerAccess {
    /// @inheritdoc IDonationLedger
    uint64 public lastBatch;

    /// @dev Beside `lastBatch` in its slot, so that anchoring looks at it for nothing.
    bool private _succeeded;
    Successor private _successor;

    /// @inheritdoc IDonationLedger
    mapping(uint64 batch => bytes32) public root;

    /// @inheritdoc IDonationLedger
    function anchor(uint64 batch, bytes32 batchRoot) external onlyRole(ANCHOR_ROLE) {
        _anchor(batch, batchRoot);
    }

    /// @inheritdoc IDonationLedger
    function anchorMany(uint64 first, bytes32[] calldata batchRoots) external onlyRole(ANCHOR_ROLE) {
        for (uint64 i = 0; i < batchRoots.length; ++i) _anchor(first + i, batchRoots[i]);
    }

    /// @inheritdoc IDonationLedger
    function open() external {
        _open();
        emit LedgerOpened(lastBatch);
    }

    /// @inheritdoc IDonationLedger
    function nameSuccessor(
        uint256 chainId,
        address ledgerContract,
        uint64 lastGoodBatch
    ) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireNotSucceeded();
        bool here = chainId == block.chainid && ledgerContract == address(this);
        if (ledgerContract == address(0) || here) revert InvalidSuccessor();
        if (lastGoodBatch > lastBatch) revert BatchNotAnchored(lastGoodBatch);
        _succeeded = true;
        _successor = Successor({chainId: chainId, ledgerContract: ledgerContract, lastGoodBatch: lastGoodBatch});
        emit SuccessorNamed(chainId, ledgerContract, lastGoodBatch);
    }

    /// @inheritdoc IDonationLedger
    function successor() external view returns (Successor memory) {
        return _successor;
    }

    function _requireNotSucceeded() internal view {
        if (_succeeded) revert Succeeded();
    }

    function _anchor(uint64 batch, bytes32 batchRoot) private {
        uint64 next = lastBatch + 1;
        if (batchRoot == 0) revert ZeroRoot(batch);
        if (batch == 0 || batch > next) revert BatchOutOfOrder(next, batch);
        if (batch < next) {
            _requireRoot(batch, batchRoot);
            return;
        }
        _requireNotSucceeded();
        lastBatch = batch;
        root[batch] = batchRoot;
        emit BatchAnchored(batch, batchRoot);
    }

    function _requireRoot(uint64 batch, bytes32 offered) internal view {
        bytes32 anchored = _anchoredRoot(batch);
        if (anchored != offered) revert RootConflict(batch, anchored, offered);
    }

    function _anchoredRoot(uint64 batch) internal view returns (bytes32 anchored) {
        anchored = root[batch];
        if (anchored == 0) revert BatchNotAnchored(batch);
    }
}
