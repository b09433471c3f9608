// SPDX-License-Identifier: MIT
// What the charity signs: the only movers of `acknowledged` and `spent`. Anyone carries a signature here; it needs no
// role and no pause stops it.
pragma solidity ^0.8.28;

import {IDonationLedger} from "../IDonationLedger.sol";
import {LedgerHashes} from "../libraries/LedgerHashes.sol";
import {Acknowledgement, Disbursement, Line} from "../libraries/LedgerTypes.sol";
import {Payouts} from "./Payouts.sol";

abstract contract Reports is Payouts {
    /// @inheritdoc IDonationLedger
    function acknowledge(Acknowledgement calldata acknowledgement, bytes calldata signature) external {
        address signer = _signer(acknowledgement.charity);
        Line storage current = _line(acknowledgement.charity, acknowledgement.unit);
        _checkInterval(current.acknowledged, acknowledgement.from, acknowledgement.upTo, current.paid);
        _checkReceived(acknowledgement);
        _requireRoot(acknowledgement.batch, acknowledgement.root);
        _requireSigned(signer, LedgerHashes.hash(acknowledgement), signature);
        current.acknowledged = acknowledgement.upTo;
        emit Acknowledged(acknowledgement.charity, acknowledgement.unit, acknowledgement, signer, signature);
    }

    /// @inheritdoc IDonationLedger
    function disburse(Disbursement calldata disbursement, bytes calldata signature) external {
        address signer = _signer(disbursement.charity);
        Line storage current = _line(disbursement.charity, disbursement.unit);
        _checkInterval(current.spent, disbursement.from, disbursement.upTo, current.acknowledged);
        if (disbursement.evidence == 0) revert ZeroEvidence();
        _requireSigned(signer, LedgerHashes.hash(disbursement), signature);
        current.spent = disbursement.upTo;
        emit Disbursed(disbursement.charity, disbursement.unit, disbursement, signer, signature);
    }

    /// @dev Acknowledgements end where payouts end, so what was received is a sum of whole payouts. The end before is
    /// itself a payout's, hence its position on the reversal line is known.
    function _checkReceived(Acknowledgement calldata acknowledgement) private view {
        (bytes32 charity, bytes32 unit) = (acknowledgement.charity, acknowledgement.unit);
        uint64 netTo = _netToOf(charity, unit, acknowledgement.upTo);
        if (acknowledgement.netTo != netTo) revert WrongNetTo(netTo, acknowledgement.netTo);
        uint64 netted = netTo - _netToOf(charity, unit, acknowledgement.from);
        uint64 wanted = acknowledgement.upTo - acknowledgement.from - netted;
        if (acknowledgement.received != wanted) revert WrongReceived(wanted, acknowledgement.received);
    }
}
