// SPDX-License-Identifier: MIT
// The byte layout of everything that is hashed or signed: EIP-712 struct hashes, the ledger's domain and the leaf of a
// statement. All structs are static, so abi.encode(typeHash, struct) is exactly EIP-712's encodeData.
pragma solidity ^0.8.28;

import {Acknowledgement, Disbursement, PromisedReceipt, Receipt, Statement} from "./LedgerTypes.sol";

library LedgerHashes {
    string internal constant NAME = "Amanah";
    string internal constant VERSION = "1";

    bytes32 private constant STATEMENT_TAG = "amanah.statement.v1";

    bytes32 private constant PROMISE_TAG = "amanah.promise.v1";

    bytes32 private constant DOMAIN_TYPE = keccak256("EIP712Domain(string name,string version,bytes32 salt)");

    bytes32 private constant RECEIPT_TYPE = keccak256(
        "Receipt(bytes16 id,bytes32 charity,bytes32 unit,uint8 kind,uint64 amount,uint64 acceptedAt,bytes32 terms,bytes32 details,bytes32 salt)"
    );

    bytes32 private constant ACKNOWLEDGEMENT_TYPE = keccak256(
        "Acknowledgement(bytes32 charity,bytes32 unit,uint64 from,uint64 upTo,uint64 netTo,uint64 received,uint64 batch,bytes32 root)"
    );

    bytes32 private constant DISBURSEMENT_TYPE = keccak256(
        "Disbursement(bytes32 charity,bytes32 unit,uint64 from,uint64 upTo,bytes32 evidence)"
    );

    bytes32 private constant PROMISES_TYPE = keccak256("Promises(bytes32 root,uint64 deadline)");

    bytes32 private constant SIGNER_CHANGE_TYPE = keccak256(
        "SignerChange(bytes32 charity,address signer,uint256 change,uint256 chainId,address ledgerContract)"
    );

    bytes32 private constant VETO_TYPE = keccak256(
        "Veto(bytes32 charity,uint256 change,uint256 chainId,address ledgerContract)"
    );

    /// @dev Neither chain nor contract: what is said about a ledger holds wherever that ledger is replayed.
    function domainSeparator(bytes32 ledger) internal pure returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256(bytes(NAME)), keccak256(bytes(VERSION)), ledger));
    }

    /// @dev Hashed twice, as OpenZeppelin's standard leaf, so that 352 bytes never pass for the 64 of an inner node.
    function statementLeaf(bytes32 ledger, Statement calldata statement) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(STATEMENT_TAG, ledger, statement))));
    }

    /// @dev Likewise, of 224 bytes: many of them are promised by one signature over the root of their tree.
    function promiseLeaf(bytes32 ledger, PromisedReceipt calldata promised) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(PROMISE_TAG, ledger, promised))));
    }

    function promises(bytes32 root, uint64 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(PROMISES_TYPE, root, deadline));
    }

    function hash(Receipt calldata receipt) internal pure returns (bytes32) {
        return keccak256(abi.encode(RECEIPT_TYPE, receipt));
    }

    function hash(Acknowledgement calldata acknowledgement) internal pure returns (bytes32) {
        return keccak256(abi.encode(ACKNOWLEDGEMENT_TYPE, acknowledgement));
    }

    function hash(Disbursement calldata disbursement) internal pure returns (bytes32) {
        return keccak256(abi.encode(DISBURSEMENT_TYPE, disbursement));
    }

    /// @dev Chain and contract are named here: consent to a change is an act on one contract, not a fact of the ledger.
    function signerChange(bytes32 charity, address signer, uint48 change) internal view returns (bytes32) {
        return keccak256(abi.encode(SIGNER_CHANGE_TYPE, charity, signer, change, block.chainid, address(this)));
    }

    /// @dev As above.
    function veto(bytes32 charity, uint48 change) internal view returns (bytes32) {
        return keccak256(abi.encode(VETO_TYPE, charity, change, block.chainid, address(this)));
    }
}
