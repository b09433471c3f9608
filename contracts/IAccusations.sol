// SPDX-License-Identifier: MIT
// What anyone can hold against the operator, with nothing but files: faults, which anchored statements show, and promises
// that were not kept. Interface and reasons; the code is in parts/Faults.sol and parts/Promises.sol.
pragma solidity ^0.8.28;

import {
    Challenge,
    Fault,
    OpenedNode,
    PromisedReceipt,
    Receipt,
    ReceiptProof,
    Statement
} from "./libraries/LedgerTypes.sol";

/// @title Accusations against the operator of a donation ledger
/// @notice An honest operator can never be convicted of a fault, and answers every challenge; a dishonest one can stop
/// neither, since accusations are never paused and need no role.
interface IAccusations {
    // ----------------------------------------------------------------------------------------------------- faults

    /// @notice Anchored statements of a line contradict each other, or one contradicts itself or its receipts. The fault
    /// stays for ever: the line takes no more proofs and no payout.
    /// @param first Leaf of the statement that the fault is shown by; of a contradiction the earlier one.
    /// @param second Leaf of the other one; zero if one is enough.
    event FaultProven(
        bytes32 indexed charity,
        bytes32 indexed unit,
        uint8 kind,
        Fault fault,
        bytes32 first,
        bytes32 second
    );

    /// @dev What was shown is as an honest ledger would have it.
    error NoFault();
    /// @dev The fault that was proven of the line before.
    error LineAtFault(Fault fault);

    /// @notice Convicts the line of two anchored statements of one side of it, the earlier batch first, that overlap,
    /// leave a gap, skip, or stand both in one batch. Anyone may, with nothing but books or receipt files.
    /// @dev Never paused, like all accusations. Of several contradictions the first in the order of {Fault} is recorded.
    function proveContradiction(
        Statement calldata first,
        bytes32[] calldata firstProof,
        Statement calldata second,
        bytes32[] calldata secondProof
    ) external;

    /// @notice Convicts the line of an anchored statement that contradicts itself; see {MalformedStatement}.
    function proveMalformed(Statement calldata statement, bytes32[] calldata proof) external;

    /// @notice Convicts the line of an anchored statement whose tree holds a node that is not the sum of the two below it.
    /// @dev Of several false nodes the uppermost shows it. Sound since every node on the way from the statement's root
    /// down is one that was hashed, and a leaf, being hashed from 66 bytes, never opens into the 80 of a node.
    /// @param opened The node, what the one above says of its sum, and the two below it.
    /// @param place The way up from it: at level k, `index` >> k among `receipts` / 2^k nodes, rounded up.
    function proveFalseSum(
        Statement calldata statement,
        bytes32[] calldata proof,
        OpenedNode calldata opened,
        ReceiptProof calldata place
    ) external;

    /// @notice Convicts the line of an anchored statement that counts a receipt of another line, or with another amount,
    /// or one of nothing.
    /// @param sum The amount with which the tree counts it.
    /// @param place Where it stands in the tree.
    function proveFalseReceipt(
        Statement calldata statement,
        bytes32[] calldata proof,
        Receipt calldata receipt,
        uint64 sum,
        ReceiptProof calldata place
    ) external;

    /// @notice The fault that was proven of a line first.
    function faultOf(bytes32 charity, bytes32 unit) external view returns (Fault);

    // --------------------------------------------------------------------------------------------------- promises

    /// @notice An account may promise receipts by its signature alone, or may no more: its word counts for deadlines before
    /// `until`.
    event PromiserSet(address indexed promiser, uint48 until);
    /// @notice Somebody asks where a promised receipt is. `promiseId` is the leaf of what was promised.
    event Challenged(
        bytes32 indexed promiseId,
        bytes32 indexed leaf,
        address indexed challenger,
        PromisedReceipt promised,
        uint64 deadline,
        address promiser,
        uint48 dueAt
    );
    /// @notice The receipt is where it was promised to be, shown in time.
    event Answered(bytes32 indexed promiseId, uint64 indexed batch, address indexed answeredBy);
    /// @notice Nobody has shown the receipt within seven days. Stays for ever.
    event BreachRecorded(bytes32 indexed promiseId, bytes32 indexed leaf, PromisedReceipt promised);
    /// @notice The receipt was shown when the breach stood already.
    event AnsweredLate(bytes32 indexed promiseId, uint64 indexed batch, address indexed answeredBy);

    error PromiseNotDue(uint64 deadline);
    error NotPromiser(address account);
    error WrongBond(uint256 wanted);
    error AlreadyChallenged();
    /// @dev It was never challenged, or its challenge has ended.
    error NotChallenged();
    error AnswerNotOverdue(uint48 dueAt);
    error NotOpened();
    /// @dev Too little is left to send a bond.
    error NotEnoughGas();

    /// @notice Lets an account promise receipts.
    /// @dev Default admin.
    function admitPromiser(address promiser) external;

    /// @notice Ends that. What it has promised for deadlines up to seven days from now can be challenged for ever: no
    /// operator gets rid of its word by dropping the key, and no thief who drops it does harm.
    /// @dev Default admin, or the promiser itself.
    function retirePromiser(address promiser) external;

    /// @notice Has the word of an account end where a ledger's earlier contract has it end, or not at all.
    /// @dev Default admin, before the opening alone: afterwards nobody's word ends sooner than seven days from now.
    /// @param until As {promiserUntil} of the earlier contract.
    function carryPromiser(address promiser, uint48 until) external;

    /// @notice Asks for a receipt whose promised deadline is over, once for each promised receipt. Anyone may; with the
    /// bond, which whoever answers in time takes, and which comes back after a breach.
    /// @dev Not before the opening, and not behind a successor, which is asked instead.
    /// @param deadline Unix seconds, as signed.
    /// @param path Siblings from the promise's leaf to the root that was signed; pairs sorted, empty for one receipt.
    /// @param signature A promiser's of `Promises(bytes32 root,uint64 deadline)`, by a key that was not retired seven days
    /// before the deadline.
    function challenge(
        PromisedReceipt calldata promised,
        uint64 deadline,
        bytes32[] calldata path,
        bytes calldata signature
    ) external payable;

    /// @notice Shows that a challenged receipt is in an anchored statement of the promised line and kind, counted with the
    /// promised amount. Within seven days it ends the challenge and the caller takes the bond; later it is recorded
    /// beside the breach. Anyone may. Never paused.
    function answer(
        PromisedReceipt calldata promised,
        ReceiptProof calldata proof,
        Statement calldata statement,
        bytes32[] calldata statementProof
    ) external;

    /// @notice Records that nobody has answered in time, and sends the bond back. Anyone may. Before the opening the
    /// admin carries breaches over that a ledger's earlier contract has recorded.
    /// @dev A challenger that refuses the coin, or needs more than 50,000 gas to take it, forfeits it: the breach stands. So
    /// much gas must be left for it, else the call reverts.
    function recordBreach(PromisedReceipt calldata promised) external;

    /// @notice The challenge of a promised receipt; its state is `None` if there is none.
    function challengeOf(bytes32 promiseId) external view returns (Challenge memory);

    /// @notice Wei that a challenge costs until it ends; fixed at the deployment.
    function challengeBond() external view returns (uint256);

    /// @notice An account's signature counts as a promise for deadlines before this, in Unix seconds: 2^48 - 1 until it is
    /// retired, 0 if it was never admitted.
    function promiserUntil(address promiser) external view returns (uint48);
}
