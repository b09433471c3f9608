// SPDX-License-Identifier: MIT
// The deployed contract: it puts the parts together and holds no rule of its own. It cannot be upgraded.
pragma solidity ^0.8.28;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {LedgerAccess} from "./parts/LedgerAccess.sol";
import {LedgerDomain} from "./parts/LedgerDomain.sol";
import {Faults} from "./parts/Faults.sol";
import {Promises} from "./parts/Promises.sol";
import {Reports} from "./parts/Reports.sol";

/// @title DonationLedger
/// @notice See {IDonationLedger}. `multicall` sends many calls in one transaction, all or none.
contract DonationLedger is Reports, Faults, Promises, Multicall {
    /// @param ledger_ The 32 random bytes that name the ledger, not zero.
    /// @param admin Default admin: grants roles, sets tokens, opens. A TimelockController in production.
    /// @param adminDelay Seconds that a transfer of the admin's role waits.
    /// @param challengeBond_ Wei that a challenge costs until it ends: enough for the gas of an answer, and no more.
    constructor(
        bytes32 ledger_,
        address admin,
        uint48 adminDelay,
        uint256 challengeBond_
    ) LedgerAccess(admin, adminDelay) LedgerDomain(ledger_) Promises(challengeBond_) {}
}
