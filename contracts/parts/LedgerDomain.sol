// SPDX-License-Identifier: MIT
// The ledger's identity and its signatures: id, EIP-712 domain, and whether a charity's signer signed. What is signed is
// laid out in LedgerHashes.sol.
pragma solidity ^0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IDonationLedger} from "../IDonationLedger.sol";
import {LedgerHashes} from "../libraries/LedgerHashes.sol";

abstract contract LedgerDomain is IDonationLedger {
    /// @inheritdoc IDonationLedger
    bytes32 public immutable ledger;

    bytes32 private immutable _domainSeparator;

    constructor(bytes32 ledger_) {
        if (ledger_ == 0) revert ZeroLedger();
        ledger = ledger_;
        _domainSeparator = LedgerHashes.domainSeparator(ledger_);
    }

    /// @notice The domain of all typed data here (ERC-5267): name, version and salt are used, nothing else.
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (hex"13", LedgerHashes.NAME, LedgerHashes.VERSION, 0, address(0), ledger, new uint256[](0));
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(_domainSeparator, structHash);
    }

    /// @dev A key by ECDSA or a contract by ERC-1271.
    function _requireSigned(address signer, bytes32 structHash, bytes calldata signature) internal view {
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, _digest(structHash), signature)) {
            revert InvalidSignature(signer);
        }
    }
}
