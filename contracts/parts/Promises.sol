// SPDX-License-Identifier: MIT
// Promises: what the operator's signature says will be recorded, asked for by a challenge and met by an answer, or else a
// breach that stays. What keeps a promise is an inclusion proof, checked in Lines.sol.
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAccusations} from "../IAccusations.sol";
import {LedgerHashes} from "../libraries/LedgerHashes.sol";
import {Challenge, ChallengeState, PromisedReceipt, ReceiptProof, Statement} from "../libraries/LedgerTypes.sol";
import {Lines} from "./Lines.sol";

abstract contract Promises is Lines {
    /// @notice How long a challenge can be answered in time.
    uint48 public constant ANSWER_PERIOD = 7 days;
    /// @notice How far a deadline may lie behind the retirement of the key that signed it.
    uint48 public constant PROMISE_PERIOD = 7 days;

    uint256 private constant BOND_RETURN_GAS = 50_000;
    /// @dev What must be left for that much to arrive: the call costs up to 14,200 with coins to an account that is cold, and
    /// whose delegated code is; and it keeps back one part in 64.
    uint256 private constant BOND_CALL_GAS = 68_000;

    /// @inheritdoc IAccusations
    uint256 public immutable challengeBond;

    mapping(bytes32 promiseId => Challenge) private _challenges;
    /// @inheritdoc IAccusations
    mapping(address promiser => uint48) public promiserUntil;

    constructor(uint256 challengeBond_) {
        challengeBond = challengeBond_;
    }

    /// @inheritdoc IAccusations
    function admitPromiser(address promiser) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setPromiser(promiser, type(uint48).max);
    }

    /// @inheritdoc IAccusations
    function retirePromiser(address promiser) external {
        if (msg.sender != promiser) _checkRole(DEFAULT_ADMIN_ROLE);
        if (promiserUntil[promiser] != type(uint48).max) revert NotPromiser(promiser);
        _setPromiser(promiser, uint48(block.timestamp) + PROMISE_PERIOD);
    }

    /// @inheritdoc IAccusations
    function carryPromiser(address promiser, uint48 until) external {
        _requireRebuilding();
        _setPromiser(promiser, until);
    }

    /// @inheritdoc IAccusations
    function challenge(
        PromisedReceipt calldata promised,
        uint64 deadline,
        bytes32[] calldata path,
        bytes calldata signature
    ) external payable {
        if (!opened) revert NotOpened();
        _requireNotSucceeded();
        if (block.timestamp <= deadline) revert PromiseNotDue(deadline);
        if (msg.value != challengeBond) revert WrongBond(challengeBond);
        bytes32 promiseId = LedgerHashes.promiseLeaf(ledger, promised);
        if (_challenges[promiseId].state != ChallengeState.None) revert AlreadyChallenged();
        address promiser = _promiserOf(MerkleProof.processProofCalldata(path, promiseId), deadline, signature);
        uint48 dueAt = uint48(block.timestamp) + ANSWER_PERIOD;
        _challenges[promiseId] = Challenge({challenger: msg.sender, dueAt: dueAt, state: ChallengeState.Open});
        emit Challenged(promiseId, promised.leaf, msg.sender, promised, deadline, promiser, dueAt);
    }

    /// @inheritdoc IAccusations
    function answer(
        PromisedReceipt calldata promised,
        ReceiptProof calldata proof,
        Statement calldata statement,
        bytes32[] calldata statementProof
    ) external {
        bytes32 promiseId = LedgerHashes.promiseLeaf(ledger, promised);
        Challenge storage asked = _challenges[promiseId];
        bool wasOpen = asked.state == ChallengeState.Open;
        if (!wasOpen && asked.state != ChallengeState.Breached) revert NotChallenged();
        _requireStatement(statement, statementProof);
        if (!_isOfLine(promised.charity, promised.unit, promised.kind, statement)) revert ReceiptOfAnotherLine();
        _requireInStatement(promised.leaf, promised.amount, proof, statement);
        // Bonds go last: whoever takes one may call back, and must find the answer recorded.
        if (block.timestamp > asked.dueAt) {
            if (wasOpen) emit BreachRecorded(promiseId, promised.leaf, promised);
            asked.state = ChallengeState.AnsweredLate;
            emit AnsweredLate(promiseId, statement.batch, msg.sender);
            if (wasOpen) _sendBond(asked.challenger);
        } else {
            asked.state = ChallengeState.Answered;
            emit Answered(promiseId, statement.batch, msg.sender);
            _sendBond(msg.sender);
        }
    }

    /// @inheritdoc IAccusations
    function recordBreach(PromisedReceipt calldata promised) external {
        bytes32 promiseId = LedgerHashes.promiseLeaf(ledger, promised);
        Challenge storage asked = _challenges[promiseId];
        if (!opened) _checkRole(DEFAULT_ADMIN_ROLE);
        else if (asked.state != ChallengeState.Open) revert NotChallenged();
        else if (block.timestamp <= asked.dueAt) revert AnswerNotOverdue(asked.dueAt);
        asked.state = ChallengeState.Breached;
        emit BreachRecorded(promiseId, promised.leaf, promised);
        // One carried over, which nobody asked about here, has no challenger and no bond.
        if (asked.challenger != address(0)) _sendBond(asked.challenger);
    }

    /// @inheritdoc IAccusations
    function challengeOf(bytes32 promiseId) external view returns (Challenge memory) {
        return _challenges[promiseId];
    }

    function _promiserOf(
        bytes32 root,
        uint64 deadline,
        bytes calldata signature
    ) private view returns (address signer) {
        bytes32 digest = _digest(LedgerHashes.promises(root, deadline));
        ECDSA.RecoverError failure;
        (signer, failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure != ECDSA.RecoverError.NoError) revert InvalidSignature(signer);
        if (deadline >= promiserUntil[signer]) revert NotPromiser(signer);
    }

    function _setPromiser(address promiser, uint48 until) private {
        promiserUntil[promiser] = until;
        emit PromiserSet(promiser, until);
    }

    /// @dev Whoever refuses it must not keep a breach from being recorded; and whoever records one must not keep the bond
    /// from being taken, by sending too little gas.
    function _sendBond(address to) private {
        if (gasleft() < BOND_CALL_GAS) revert NotEnoughGas();
        (bool taken, ) = to.call{value: challengeBond, gas: BOND_RETURN_GAS}("");
        taken;
    }
}
