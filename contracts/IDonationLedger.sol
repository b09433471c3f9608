// SPDX-License-Identifier: MIT
// What the ledger offers: functions, events, errors and why they are so. What can be held against its operator is in
// IAccusations.sol, the records in libraries/LedgerTypes.sol, roles and pausing in parts/LedgerAccess.sol; no code is here.
pragma solidity ^0.8.28;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IAccusations} from "./IAccusations.sol";
import {
    Acknowledgement,
    Disbursement,
    Payout,
    PendingChange,
    Rail,
    Receipt,
    ReceiptProof,
    Stage,
    Statement,
    Successor
} from "./libraries/LedgerTypes.sol";

/// @title The ledger of a donation scheme: roots of batches, and how far the money of each line has come
/// @notice For each (charity, unit) there is one line on which all gifts lie end to end. The money's way is told by
/// watermarks on it that only move right: spent <= acknowledged <= paid <= given. The contract never holds what was given:
/// only the bonds of open challenges, in the chain's own coin.
/// @dev Signatures are EIP-712 in the domain {name "Amanah", version "1", salt ledger()}: acknowledgements and
/// disbursements state facts about the ledger and hold wherever it is replayed.
interface IDonationLedger is IERC5267, IAccusations {
    // ---------------------------------------------------------------------------------------------------- batches

    /// @notice The root of `batch` is fixed for ever.
    event BatchAnchored(uint64 indexed batch, bytes32 root);

    error ZeroRoot(uint64 batch);
    error BatchOutOfOrder(uint64 expected, uint64 batch);
    error RootConflict(uint64 batch, bytes32 anchored, bytes32 offered);
    error BatchNotAnchored(uint64 batch);

    /// @notice Records the root of the next batch. The same batch and root again is a no-op, so repeating is harmless.
    /// @dev ANCHOR role. Never paused.
    function anchor(uint64 batch, bytes32 batchRoot) external;

    /// @notice Records the roots of `first`, `first + 1`, ...; those already anchored must be the same and are skipped.
    /// @dev ANCHOR role. Never paused.
    function anchorMany(uint64 first, bytes32[] calldata batchRoots) external;

    /// @notice The number of the last batch anchored, 0 if none.
    function lastBatch() external view returns (uint64);

    /// @notice The root of `batch`, zero if it is not anchored.
    function root(uint64 batch) external view returns (bytes32);

    // ------------------------------------------------------------------------------------------------------ lines

    /// @notice A statement of an anchored batch raised `given` (kind 0) or `reversed` (kind 1) of its line to `to`.
    event StatementProven(
        bytes32 indexed charity,
        bytes32 indexed unit,
        uint64 indexed batch,
        uint8 kind,
        uint64 from,
        uint64 to
    );

    /// @dev Well formed: kind 0 or 1; from < to < 2^63; 1 <= receipts <= to - from, as each adds at least 1; previous <
    /// batch; and previous is 0 exactly when from is 0.
    error MalformedStatement();
    error StatementNotInBatch(uint64 batch, bytes32 leaf);
    error ReversedBeyondGiven(uint64 given, uint64 reversed);

    /// @notice Shows that a statement is in its anchored batch and raises the line's `given` or `reversed` to its end.
    /// One that would not raise it changes nothing, so statements may come in any order and more than once.
    /// @param proof Siblings from the leaf to the batch's root, pairs sorted.
    function prove(Statement calldata statement, bytes32[] calldata proof) external;

    /// @notice The watermarks of a line; all zero for one that has no statement yet.
    function line(
        bytes32 charity,
        bytes32 unit
    )
        external
        view
        returns (uint64 given, uint64 reversed, uint64 paid, uint64 netted, uint64 acknowledged, uint64 spent);

    error ReceiptOfAnotherLine();
    /// @dev The amount is 0, or it or `acceptedAt` is not below 2^63.
    error ReceiptOutOfRange();
    error ReceiptsMismatch(uint64 ofProof, uint64 ofStatement);
    error ReceiptNotInStatement(bytes32 computed, bytes32 receiptsRoot);
    error SumMismatch(uint64 computed, uint64 stated);

    /// @notice Checks one receipt down to its leaf and tells its position and how far its money has come. Reverts with
    /// the reason when any step fails. `proof.index` and `proof.receipts` are claims until the book is checked.
    /// @return leaf The receipt's EIP-712 digest.
    /// @return start Where its interval [start, end) begins on its side of the line.
    /// @return end Where it ends.
    /// @return stage The furthest watermark at or beyond `end`.
    function verifyReceipt(
        Receipt calldata receipt,
        ReceiptProof calldata proof,
        Statement calldata statement,
        bytes32[] calldata statementProof
    ) external view returns (bytes32 leaf, uint64 start, uint64 end, Stage stage);

    // -------------------------------------------------------------------------------------------------- charities

    event CharityRegistered(bytes32 indexed charity, address payee, address signer);
    event PayeeChangeAnnounced(bytes32 indexed charity, uint48 indexed change, address payee, uint48 due);
    event SignerChangeAnnounced(
        bytes32 indexed charity,
        uint48 indexed change,
        address signer,
        uint48 due,
        bool consented
    );
    event ChangeVetoed(bytes32 indexed charity, uint48 indexed change);
    event PayeeChanged(bytes32 indexed charity, uint48 indexed change, address payee);
    event SignerChanged(bytes32 indexed charity, uint48 indexed change, address signer);

    error CharityUnknown(bytes32 charity);
    error CharityAlreadyRegistered(bytes32 charity);
    error InvalidPayee(address payee);
    error InvalidSigner(address signer);
    error InvalidSignature(address signer);
    error NoSuchChange(bytes32 charity, uint48 change);
    error ChangeNotDue(uint48 due);
    error OnlySigner(address signer);

    /// @notice Registers a charity at once. A restricted fund is a charity of its own, with its own payee and signer.
    /// @dev REGISTRAR role.
    /// @param payee Where token payouts go; zero for a charity that is paid by bank only.
    /// @param signer Who signs acknowledgements and disbursements: a key, or a contract by ERC-1271.
    function registerCharity(bytes32 charity, address payee, address signer) external;

    /// @notice Announces another payee, replacing one announced before. It can be applied after seven days, unless the
    /// charity's signer vetoes it; before the opening it acts at once.
    /// @dev REGISTRAR role.
    function changePayee(bytes32 charity, address payee) external;

    /// @notice Announces another signer, replacing one announced before. It can be applied after seven days with the
    /// consent of the old signer, else after thirty, unless the old signer vetoes it, which it may do in either case:
    /// a signature may be stolen too. Before the opening it acts at once. An owner whose stolen key vetoes its own
    /// replacement registers anew under another id.
    /// @dev REGISTRAR role.
    /// @param consent Empty, or the old signer's signature of
    /// `SignerChange(bytes32 charity,address signer,uint256 change,uint256 chainId,address ledgerContract)`, where
    /// `change` is the number that this change will get: the charity's `changes` + 1.
    function changeSigner(bytes32 charity, address signer, bytes calldata consent) external;

    /// @notice Ends a change that is not yet in force.
    /// @param signature Empty when the signer itself calls, else the present signer's signature of
    /// `Veto(bytes32 charity,uint256 change,uint256 chainId,address ledgerContract)`, carried by anyone.
    function veto(bytes32 charity, uint48 change, bytes calldata signature) external;

    /// @notice Puts a change in force that is due. Anyone may call.
    function applyChange(bytes32 charity, uint48 change) external;

    /// @notice The payee and signer in force (both zero if not registered), and how many changes were announced.
    function charityOf(bytes32 charity) external view returns (address payee, address signer, uint48 changes);

    /// @notice The changes announced and not in force; one that does not exist has the number 0.
    function pendingChanges(
        bytes32 charity
    ) external view returns (PendingChange memory payee, PendingChange memory signer);

    // ---------------------------------------------------------------------------------------------------- payouts

    event TokenSet(bytes32 indexed unit, address token, uint8 scaleDigits);

    /// @notice `paid` of the line moved from `from` to `upTo`, `netted` from `netFrom` to `netTo`, and `amount` =
    /// (upTo - from) - (netTo - netFrom) minor units of money with them. Before the opening it is a record: no token
    /// moved on this chain.
    /// @param payee Where tokens went; zero by bank.
    /// @param bankReference Hash of the bank's reference; zero by token.
    event Paid(
        bytes32 indexed charity,
        bytes32 indexed unit,
        Rail rail,
        uint64 from,
        uint64 upTo,
        uint64 netFrom,
        uint64 netTo,
        uint64 amount,
        address payee,
        bytes32 bankReference
    );

    /// @notice A bank payout that bounced was sent again; no watermark moved.
    event Repaid(
        bytes32 indexed charity,
        bytes32 indexed unit,
        uint64 indexed upTo,
        uint64 amount,
        bytes32 bankReference
    );

    error InvalidToken(address token);
    error TokenAlreadySet(bytes32 unit);
    error TokenUnknown(bytes32 unit);
    error DecimalsOutOfRange(uint8 decimals, uint8 exponent);
    error NoPayee(bytes32 charity);
    error ZeroReference();
    error FromNotWatermark(uint64 watermark, uint64 from);
    error UpToOutOfRange(uint64 from, uint64 upTo, uint64 limit);
    error NetToOutOfRange(uint64 netted, uint64 netTo, uint64 reversed);
    error NettingExceedsGifts(uint64 gifts, uint64 netting);
    error PayeeNotCredited(uint256 wanted, uint256 credited);
    error NotPayoutEnd(uint64 upTo);
    error NotByBank(uint64 upTo);

    /// @notice Names the ERC-20 in which a unit is paid, once and for ever. One minor unit is 10^(decimals - exponent)
    /// of the token's smallest, so nothing is ever rounded.
    /// @dev Default admin.
    /// @param exponent Decimal places of the unit's minor unit (ISO 4217: 2 for CNY, 0 for JPY).
    function setToken(bytes32 unit, address token, uint8 exponent) external;

    /// @notice Pays the gifts of [from, upTo), less the reversals of [netted, netTo), from the caller straight to the
    /// payee, whose balance must rise by exactly the amount. `from` must be `paid`, so a repeat reverts harmlessly.
    /// @dev PAYER role. Stopped by a pause. The caller must have approved this contract; only reversals of gifts that
    /// end at or before `upTo` may be netted, which anyone with the books checks.
    function payToken(bytes32 charity, bytes32 unit, uint64 from, uint64 upTo, uint64 netTo) external;

    /// @notice The same for a bank transfer that the bank has confirmed. A claim until the charity has signed.
    /// @dev PAYER role. Stopped by a pause.
    /// @param bankReference Hash of the bank's reference, not zero.
    function payBank(
        bytes32 charity,
        bytes32 unit,
        uint64 from,
        uint64 upTo,
        uint64 netTo,
        bytes32 bankReference
    ) external;

    /// @notice Records that the bank payout ending at `upTo` bounced and was sent again. Also after an acknowledgement,
    /// since banks return transfers late.
    /// @dev PAYER role. Stopped by a pause.
    function repay(bytes32 charity, bytes32 unit, uint64 upTo, bytes32 bankReference) external;

    /// @notice The payout that ends at `upTo`; its rail is `None` if there is none.
    function payoutEnd(bytes32 charity, bytes32 unit, uint64 upTo) external view returns (Payout memory);

    /// @notice The token of a unit (zero if none) and the power of ten between its smallest unit and the minor unit.
    function tokenOf(bytes32 unit) external view returns (address token, uint8 scaleDigits);

    // ------------------------------------------------------------------------------------ what the charity signs

    /// @notice The charity has signed for all money up to `upTo`; signer and signature allow checking it again.
    event Acknowledged(
        bytes32 indexed charity,
        bytes32 indexed unit,
        Acknowledgement acknowledgement,
        address signer,
        bytes signature
    );

    /// @notice The charity has signed what became of all money up to `upTo`.
    event Disbursed(
        bytes32 indexed charity,
        bytes32 indexed unit,
        Disbursement disbursement,
        address signer,
        bytes signature
    );

    error WrongNetTo(uint64 wanted, uint64 netTo);
    error WrongReceived(uint64 wanted, uint64 received);
    error ZeroEvidence();

    /// @notice Carries the charity's signature that it has received the money up to the end of a payout. Anyone may.
    function acknowledge(Acknowledgement calldata acknowledgement, bytes calldata signature) external;

    /// @notice Carries the charity's signed report of what the money became. Anyone may.
    function disburse(Disbursement calldata disbursement, bytes calldata signature) external;

    // -------------------------------------------------------------------------------------------------- the ledger

    /// @notice The ledger left its rebuilding: from now on tokens move and changes wait.
    event LedgerOpened(uint64 lastBatch);

    /// @notice The ledger was moved: what is anchored here up to `lastGoodBatch` stands, what comes later is there.
    event SuccessorNamed(uint256 chainId, address ledgerContract, uint64 lastGoodBatch);

    error ZeroLedger();
    error AlreadyOpened();
    /// @dev The zero address, or this contract itself; on another chain one may have the same address.
    error InvalidSuccessor();
    /// @dev It goes on in another contract, which `successor` names.
    error Succeeded();

    /// @notice Ends the rebuilding of a new, moved or replayed ledger. Until then registrations and changes act at once
    /// and payouts are records of what happened before: no token moves.
    /// @dev Default admin, once.
    function open() external;

    /// @notice Names the contract in which the ledger goes on. From then on nothing is anchored, paid or challenged here;
    /// proofs, answers, signatures and accusations go on.
    /// @dev Default admin, once and for ever.
    /// @param lastGoodBatch The last batch here that counts: one anchored after it was by a thief, and is void.
    function nameSuccessor(uint256 chainId, address ledgerContract, uint64 lastGoodBatch) external;

    /// @notice Where the ledger was moved to; all zero if it was not.
    function successor() external view returns (Successor memory);

    /// @notice Whether `open` was called. Before, the ledger proves nothing against its operator.
    function opened() external view returns (bool);

    /// @notice The 32 random bytes that name this ledger; they are in every hash.
    function ledger() external view returns (bytes32);

    /// @notice Stops payouts, and only payouts: anchoring, proofs and what charities sign go on.
    /// @dev PAUSER role.
    function pause() external;

    /// @notice Lets payouts go on.
    /// @dev PAUSER role.
    function unpause() external;
}
