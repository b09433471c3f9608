// SPDX-License-Identifier: MIT
// Who may do what: roles, the opening and the pause. Each other part names the role that it needs; none grants any.
pragma solidity ^0.8.28;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IDonationLedger} from "../IDonationLedger.sol";

abstract contract LedgerAccess is IDonationLedger, AccessControlDefaultAdminRules, Pausable {
    /// @notice May fix roots of batches.
    bytes32 public constant ANCHOR_ROLE = keccak256("ANCHOR_ROLE");
    /// @notice May pay charities, with its own tokens only.
    bytes32 public constant PAYER_ROLE = keccak256("PAYER_ROLE");
    /// @notice May register charities and announce changes.
    bytes32 public constant REGISTRAR_ROLE = keccak256("REGISTRAR_ROLE");
    /// @notice May stop payouts and let them go on.
    bytes32 public constant PAUSER_ROLE = keccak256("PAUSER_ROLE");

    /// @inheritdoc IDonationLedger
    bool public opened;

    constructor(address admin, uint48 adminDelay) AccessControlDefaultAdminRules(adminDelay, admin) {}

    /// @inheritdoc IDonationLedger
    function pause() external onlyRole(PAUSER_ROLE) {
        _pause();
    }

    /// @inheritdoc IDonationLedger
    function unpause() external onlyRole(PAUSER_ROLE) {
        _unpause();
    }

    function _open() internal {
        _requireRebuilding();
        opened = true;
    }

    /// @dev What only the admin may do, and only before the opening.
    function _requireRebuilding() internal view onlyRole(DEFAULT_ADMIN_ROLE) {
        if (opened) revert AlreadyOpened();
    }
}
