// SPDX-License-Identifier: MIT
// The records that the ledger hashes, signs and keeps, field for field as protocol version 1 writes them. How they are
// hashed is in LedgerHashes.sol; what may be done with them is in the parts.
pragma solidity ^0.8.28;

/// @dev `Receipt.kind` and `Statement.kind`: which side of a line.
uint8 constant GIFT = 0;
uint8 constant REVERSAL = 1;

/// @dev Every amount, sum and position is below 2^63, so that no sum of two overflows and signed 64-bit readers agree.
uint64 constant AMOUNT_LIMIT = 1 << 63;

/// @notice The immutable record of one gift or reversal; its leaf is its EIP-712 digest in the ledger's domain.
/// @param id First 16 bytes of a keyed hash of the event.
/// @param charity keccak-256 of the public registration id.
/// @param unit ASCII, left-aligned: CNY, STEP, MEAL, ...
/// @param kind 0 gift, 1 reversal.
/// @param amount Whole minor units, at least 1.
/// @param acceptedAt Unix seconds.
/// @param terms Hash of the pledge's terms; for a reversal the leaf of the gift that it takes back.
/// @param details keccak-256 of the canonical JSON of the private details.
/// @param salt From the donor's key, so that erasing that key leaves the leaf meaningless.
struct Receipt {
    bytes16 id;
    bytes32 charity;
    bytes32 unit;
    uint8 kind;
    uint64 amount;
    uint64 acceptedAt;
    bytes32 terms;
    bytes32 details;
    bytes32 salt;
}

/// @notice One node beside the path of a receipt: its hash and the sum of the amounts below it.
struct Sibling {
    bytes32 hash;
    uint64 sum;
}

/// @notice Where a leaf stands in the sum tree of its statement; `path` goes from the leaf up.
struct ReceiptProof {
    uint64 index;
    uint64 receipts;
    Sibling[] path;
}

/// @notice What one batch adds to one side of one line: the interval [from, to).
/// @param previous Batch of this line's last statement of the same kind before, 0 if none.
/// @param receipts Number of receipts, each at least one minor unit.
/// @param receiptsRoot Hash at the root of their sum tree, whose sum is `to - from`.
struct Statement {
    uint64 batch;
    bytes32 charity;
    bytes32 unit;
    uint8 kind;
    uint64 from;
    uint64 to;
    uint64 previous;
    uint64 receipts;
    bytes32 receiptsRoot;
}

/// @notice Signed by the charity: all money of [from, upTo), less refunds set off, has reached it.
/// @param from The line's acknowledged watermark.
/// @param upTo Where a payout ended.
/// @param netTo Where that payout ended on the reversal line.
/// @param received The money between, in minor units.
/// @param batch A batch that the charity saw, and `root` its root: it fixes all history before.
struct Acknowledgement {
    bytes32 charity;
    bytes32 unit;
    uint64 from;
    uint64 upTo;
    uint64 netTo;
    uint64 received;
    uint64 batch;
    bytes32 root;
}

/// @notice Signed by the charity: the money of [from, upTo) became what the published report tells.
/// @param from The line's spent watermark.
/// @param evidence Hash of that report.
struct Disbursement {
    bytes32 charity;
    bytes32 unit;
    uint64 from;
    uint64 upTo;
    bytes32 evidence;
}

/// @notice How a payout travels.
enum Rail {
    None,
    Token,
    Bank
}

/// @notice A payout as the contract keeps it, under the position `upTo` where it ends. One storage slot.
/// @param paidAt Unix seconds of the block that recorded it.
struct Payout {
    uint64 from;
    uint64 netFrom;
    uint64 netTo;
    uint48 paidAt;
    Rail rail;
}

/// @notice What anchored statements of a line were shown to be. No honest ledger ever is any of these.
/// @dev Overlap: one begins before an earlier one ends. Gap: one does not begin where the one that it names as previous
/// ends. Skip: one passes over an earlier one. Twice: two of one batch. Malformed: one contradicts itself. FalseSum: a
/// node of its tree is not the sum of the two below. FalseReceipt: a receipt of it is of another line or amount.
enum Fault {
    None,
    Overlap,
    Gap,
    Skip,
    Twice,
    Malformed,
    FalseSum,
    FalseReceipt
}

/// @notice The watermarks of one (charity, unit). The four that a payout touches share the first storage slot.
struct Line {
    uint64 given;
    uint64 reversed;
    uint64 paid;
    uint64 netted;
    uint64 acknowledged;
    uint64 spent;
    Fault fault;
}

/// @notice A node of a sum tree opened into the two below it.
/// @param sum What the node above says of its sum; at the root `to - from` of the statement.
struct OpenedNode {
    Sibling left;
    Sibling right;
    uint64 sum;
}

/// @notice What the operator has promised to record: this receipt, at this amount, on this side of this line.
/// @param leaf The receipt's EIP-712 digest.
struct PromisedReceipt {
    bytes32 leaf;
    bytes32 charity;
    bytes32 unit;
    uint8 kind;
    uint64 amount;
}

/// @notice How far a challenge has come. Whoever answers takes the bond; of a breach the challenger has it back.
enum ChallengeState {
    None,
    Open,
    Answered,
    Breached,
    AnsweredLate
}

/// @notice A challenge as the contract keeps it, under the leaf of what was promised. One storage slot.
/// @param dueAt Unix seconds: the last second in which an answer is in time.
struct Challenge {
    address challenger;
    uint48 dueAt;
    ChallengeState state;
}

/// @notice Where a ledger was moved to; what this contract keeps stands up to `lastGoodBatch`.
struct Successor {
    uint256 chainId;
    address ledgerContract;
    uint64 lastGoodBatch;
}

/// @notice A registered charity. `changes` counts the changes of payee or signer announced so far.
struct Charity {
    address payee;
    uint48 changes;
    address signer;
}

/// @notice A change announced and not yet in force; `change` is its number, 0 if there is none. One storage slot.
/// @param due Unix seconds from which anyone may put it in force.
struct PendingChange {
    address to;
    uint48 due;
    uint48 change;
}

/// @notice How far the money of a receipt has come. A gift goes Anchored, Given, Paid, Acknowledged, Spent; a reversal
/// goes Anchored, Reversed, Netted.
enum Stage {
    Anchored,
    Given,
    Paid,
    Acknowledged,
    Spent,
    Reversed,
    Netted
}
